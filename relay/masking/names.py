"""Which part of a display name the other side sees, and which part is hidden."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TITLES = frozenset(
    ("dr", "prof", "mr", "mrs", "ms", "mx", "herr", "frau", "ing", "dipl", "mag", "sir", "m", "mme")
)
_SUFFIXES = frozenset(
    ("phd", "mba", "msc", "bsc", "md", "jr", "sr", "ii", "iii", "iv", "esq", "cpa")
)
_PARTICLES = frozenset(
    ("van", "von", "der", "den", "de", "del", "della", "di", "da", "do", "dos", "la", "le", "bin")
)
_ASIDE = re.compile(r"[(\[{|/][^\n]{0,200}|\s[-–—]\s[^\n]{0,200}")
_LONGEST = 200
_SPELLED = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe"}


@lru_cache(maxsize=4096)
def first_name(name: str) -> str:
    """The given name of a display name, or nothing where none can be told."""
    return _parts(name)[0]


@lru_cache(maxsize=4096)
def surnames(name: str) -> tuple[str, ...]:
    """The words of a display name that are hidden where programs write them, longest first."""
    given, phrase, others = _parts(name)
    found = [phrase, *others]
    for word in phrase.split():
        found += [word, *word.split("-")]
    found += [plain for word in tuple(found) for plain in _without_accents(word)]
    words = (word.strip(".,") for word in found)
    kept = [w for w in words if len(w) > 1 and w.casefold() not in _PARTICLES | {given.casefold()}]
    return tuple(sorted(dict.fromkeys(kept), key=len, reverse=True))


def _parts(name: str) -> tuple[str, str, list[str]]:
    """The given name, the other names as one phrase, and what is said aside (an employer)."""
    if "@" in name:
        return "", "", []
    name = " ".join(name[:_LONGEST].strip("'\"").split())
    aside = [word for found in _ASIDE.findall(name) for word in re.findall(r"\w[\w.&-]+", found)]
    words = _in_order(_ASIDE.sub("", name))
    if not words:
        return "", "", aside
    if len(words) == 1 and (cut := _one_word(words[0])):
        return words[0][cut:], words[0][:cut], [words[0], *aside]
    return words[0], " ".join(words[1:]), aside


def _in_order(name: str) -> list[str]:
    """The words of a name, the given one first, without titles."""
    before, comma, after = name.partition(",")
    if comma and after.strip() and _bare(after.split()[0]) not in _SUFFIXES:
        name = f"{after} {before}"
    words = [w.strip(",;") for w in name.split()]
    words = [w for w in words if w and _bare(w) not in _TITLES | _SUFFIXES]
    if len(words) == 2 and (_east_asian(words[0]) or _shouted(words)):
        words.reverse()
    return words


def _bare(word: str) -> str:
    return word.strip(".,").replace(".", "").lower()


def _shouted(words: list[str]) -> bool:
    """`CHEN Alex`, as the French and many companies' directories write it."""
    return len(words[0]) > 2 and words[0].isupper() and not words[1].isupper()


def _east_asian(word: str) -> bool:
    return bool(word) and all("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in word)


def _one_word(name: str) -> int:
    """How many characters at the start are the family's, in scripts that write no blank."""
    if not _east_asian(name) or not 2 <= len(name) <= 6:
        return 0
    return 2 if len(name) > 3 else 1


def _without_accents(word: str) -> set[str]:
    if word.isascii():
        return set()
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    spelled = word
    for accent, letters in _SPELLED.items():
        spelled = spelled.replace(accent, letters)
    return {bare, spelled} - {word}
