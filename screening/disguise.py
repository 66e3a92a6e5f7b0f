"""Letters that look like others and signs that nobody sees: taken out, and counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from screening.folding import plain

# Cyrillic and Greek letters that a reader takes for Latin ones.
_LOOKALIKES = dict(
    zip(
        "авекмнорстухіјѕԁԛԝһьαεικνορτυχγωАВЕКМНОРСТУХІЈЅԌԚԜҺΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "abekmhopctyxijsdqwhbaeikvoptuxywABEKMHOPCTYXIJSGQWHABEZHIKMNOPTYX",
        strict=True,
    )
)
_BACK = {latin: other for other, latin in _LOOKALIKES.items() if "а" <= other.lower() <= "ѵ"}
_TO_LATIN, _TO_CYRILLIC = str.maketrans(_LOOKALIKES), str.maketrans(_BACK)
_LATIN = "A-Za-z\u00c0-\u024f"
_OTHER = "\u0370-\u03ff\u0400-\u052f"
_FOREIGN = re.compile(f"[{_OTHER}]")
_WORD = re.compile(rf"[{_LATIN}{_OTHER}]+")
_MIXED = re.compile(rf"[{_LATIN}][{_OTHER}]|[{_OTHER}][{_LATIN}]")
_MIXED_WORD = re.compile(
    rf"(?<![{_LATIN}{_OTHER}])(?:[{_LATIN}]++[{_OTHER}]|[{_OTHER}]++[{_LATIN}])[{_LATIN}{_OTHER}]*"
)
_ALIKE = re.compile(rf"(?<![{_LATIN}{_OTHER}])[{''.join(_LOOKALIKES)}]{{3,}}(?![{_LATIN}{_OTHER}])")
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
# Between letters of these scripts nothing invisible has work to do; a soft hyphen does.
_CUT = re.compile(
    rf"(?<=[{_LATIN}{_OTHER}])[\u034f\u180e\u200b-\u200f\u2060-\u2064\ufeff]+(?=[{_LATIN}{_OTHER}])"
)
_SECRET = re.compile("[\U000e0020-\U000e007e]{4,}")  # ASCII in tags, which no program shows
_TURNED = re.compile("[\u202a-\u202e]")
_STYLES = "\U0001d400-\U0001d7ff\u24b6-\u24e9\uff21-\uff5a"
_STYLED = re.compile(f"[{_STYLES}]")
# Small capitals, which normalisation leaves as they are.
_SMALL = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
_CAPITALS, _TO_SMALL = re.compile(f"[{''.join(_SMALL)}]"), str.maketrans(_SMALL)
_DIGITS = str.maketrans("013457", "oieast")
_NUMBERED = re.compile(r"(?<![^\W\d_])[A-Za-z]{1,20}[013457][A-Za-z](?:[013457]?[A-Za-z]){0,20}")
_FEWEST = 6  # different words with digits for letters; k8s, i18n and e2e are no disguise
_SPACED = re.compile(r"(?<![^\W\d_])(?:[A-Za-z][ .·_*-]){3,}[A-Za-z](?![^\W\d_])")
# What each of these two has in it, which is found at a fifth of the price.
_APART = re.compile(r"[ .·_*-][A-Za-z][ .·_*-][A-Za-z][ .·_*-]")
_AMONG = re.compile(r"[013457](?<=[A-Za-z].)[A-Za-z]")
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff\u0591-\u05c7\u064b-\u065f"
_PILED = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")
_ODD = re.compile(f"[{_STYLES}{''.join(_SMALL)}{_UNSEEN}{_MARKS}]")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text without disguise, and the number of places where it had some."""

    text: str
    disguises: int = 0
    turned: bool = False  # it sets the direction of writing in a text that is not right-to-left


def undisguised(text: str) -> Plain:
    """The text as it reads: NFKC, without invisible signs, look-alikes folded word by word.

    Joiners and marks that Hindi, Persian or emoji need do not count as disguise. Linear in time.
    """
    if text.isascii():
        return _unspaced(text, 0)
    count, turned = 0, False
    if _ODD.search(text):
        text, count, turned = _bared(text)
    folded = plain(text)
    if _FOREIGN.search(folded):
        folded, mixes = _folded(folded)
        count += mixes
    found = _unspaced(folded, count)
    return Plain(found.text, found.disguises, turned)


def _bared(text: str) -> tuple[str, int, bool]:
    """The text without what no keyboard writes, how much of it is disguise, and if it is turned."""
    count, turned = len(_STYLED.findall(text)) // 4, False
    if _CAPITALS.search(text):
        count += len(_CAPITALS.findall(text)) // 4
        text = text.translate(_TO_SMALL)
    if _INVISIBLE.search(text):
        count += len(_CUT.findall(text)) + 4 * len(_SECRET.findall(text))
        turned = _TURNED.search(text) is not None and _right_to_left().search(text) is None
        text = _INVISIBLE.sub("", text)
    return _PILED.sub(r"\1", text), count, turned


def _folded(bare: str) -> tuple[str, int]:
    """The text without look-alikes, and how many words had some."""
    folded = _MIXED_WORD.sub(_one_script, bare) if _MIXED.search(bare) else bare
    count = _changed(bare, folded)
    if len(_FOREIGN.findall(folded)) * 4 < len(folded):
        latin = _ALIKE.sub(lambda word: word[0].translate(_TO_LATIN), folded)
        count, folded = count + _changed(folded, latin), latin
    return folded, count


def _changed(before: str, after: str) -> int:
    """How many words are others now."""
    return 0 if before == after else sum(map(str.__ne__, before.split(), after.split()))


def _unspaced(text: str, count: int) -> Plain:
    """Without blanks between the single letters of a word (f r e e), nor digits in their place."""
    joined, spaced = text, 0
    if _APART.search(text):
        joined, spaced = _SPACED.subn(lambda found: re.sub(r"[^A-Za-z]", "", found[0]), text)
    numbered = set(_NUMBERED.findall(joined)) if _AMONG.search(joined) else set()
    if len(numbered) >= _FEWEST:
        joined = _NUMBERED.sub(lambda found: found[0].translate(_DIGITS), joined)
        spaced += len(numbered)
    return Plain(joined, count + spaced)


def _one_script(found: re.Match[str]) -> str:
    """The word in the script of most of its letters, if only look-alikes keep it from that."""
    word = found[0]
    if _MIXED.search(word) is None:
        return word
    latin = sum(letter < "\u0370" for letter in word)
    if 2 * latin >= len(word):
        folded = word.translate(_TO_LATIN)
        return folded if all(letter < "\u0370" for letter in folded) else word
    folded = word.translate(_TO_CYRILLIC)
    return folded if all(letter >= "\u0370" for letter in folded) else word


@cache
def _right_to_left() -> re.Pattern[str]:
    return re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def mixed(label: str) -> bool:
    """Whether a word or a label of a host mixes Latin with letters that look like Latin ones."""
    return any(_one_script(word) != word[0] for word in _WORD.finditer(label))
