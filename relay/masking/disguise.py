"""Addresses spelled for people: `dana (at) example dot test`, `dana@example[.]test`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from relay.masking.spelling import Forms
from relay.masking.squeezed import Squeezed

_AT_WORDS = ("at", "ät", "arroba", "chez")
_DOT_WORDS = ("dot", "punkt", "point", "punto", "ponto")
_SEPARATOR = r"[^\w@]{0,8}_{0,2}"
_AT = rf"{_SEPARATOR}(?:@|{'|'.join(_AT_WORDS)}){_SEPARATOR}"
_DOT = rf"(?:{_SEPARATOR}(?:{'|'.join(_DOT_WORDS)}){_SEPARATOR}|\s?[\[({{<]?\.[\])}}>]?\s?)"
_MARKS = re.compile(r"[\W_]+")
_AT_FOLLOWS = re.compile(rf"[\W_]{{0,10}}(?:{'|'.join(_AT_WORDS)})")
_DOT_FOLLOWS = re.compile(rf"[\[(]\.|[\W_]{{0,10}}(?:{'|'.join(_DOT_WORDS)})")


def disguised(squeezed: Squeezed, wanted: Forms) -> Iterator[tuple[int, int]]:
    """Where the source spells the mailbox with words or brackets for its marks."""
    text = squeezed.text
    for local in wanted.locals:
        for domain in wanted.domains:
            if _suspected(text, local, domain):
                for found in _pattern(local, domain).finditer(squeezed.source):
                    yield found.span()


def signs(wanted: Forms) -> Iterator[tuple[str, str]]:
    """What every disguise leaves: the longest word of a name and the first one of a host."""
    for words in filter(None, map(_words, wanted.locals)):
        name = max(words, key=len)
        yield from ((name, domain.partition(".")[0]) for domain in wanted.domains)


def _words(local: str) -> list[str]:
    return _MARKS.sub(" ", local).split()


def _suspected(text: str, local: str, domain: str) -> bool:
    """A quick look at that, and at a word for `@` behind the name or for `.` behind the host."""
    words, host = _words(local), domain.partition(".")[0]
    if not words or max(words, key=len) not in text or host not in text:
        return False
    return _followed(text, words[-1][-4:], _AT_FOLLOWS) or _followed(text, host, _DOT_FOLLOWS)


def _followed(text: str, word: str, pattern: re.Pattern[str]) -> bool:
    at = text.find(word)
    while at >= 0:
        if pattern.match(text, at + len(word)):
            return True
        at = text.find(word, at + 1)
    return False


@lru_cache(maxsize=1024)
def _pattern(local: str, domain: str) -> re.Pattern[str]:
    """Bounded everywhere: the work at one place of a text does not grow with the text."""
    name = _DOT.join(map(re.escape, local.split(".")))
    host = _DOT.join(map(re.escape, domain.split(".")))
    return re.compile(rf"(?<![\w.+-]){name}{_AT}{host}(?![\w-]*\w)", re.IGNORECASE)
