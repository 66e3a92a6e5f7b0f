"""A text without what may stand between two characters of a word, for plain searches.

Letter case, line breaks, the marks of a quotation, full-width letters and characters that no screen
shows all go; what is found in the rest is mapped back to its place in the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

# What can stand within a word without being seen as part of it: white space (a line that was
# broken), the marks of a quotation, and characters that no screen shows.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_GAP = re.compile(r"(\s+)")
_UNSEEN = re.compile(f"[{INVISIBLE}]")


def _single(code: int) -> str | None:
    """What compatibility makes of one character, if that is one other that is seen."""
    plain = unicodedata.normalize("NFKC", chr(code)).lower()
    return plain if len(plain) == 1 and plain != chr(code) and plain not in " >" else None


_SHAPES = (
    (0xFE50, 0xFE6C),
    (0xFF01, 0xFFEF),
    (0x1D400, 0x1D800),
    (0x2100, 0x2150),
    (0x2460, 0x2500),
)
_PLAIN = {code: plain for a, b in _SHAPES for code in range(a, b) if (plain := _single(code))}
_PLAIN |= {0x130: "i", 0x3002: ".", 0xFF61: ".", 0x2024: "."}
# Characters of which something is to be made, apart from those beyond the BMP: a class that holds
# both is compared range by range, many times slower.
_BMP = "".join(f"{chr(a)}-{chr(b - 1)}" for a, b in _SHAPES if b < 0x10000)
_ODD = re.compile(f"[{_BMP}{INVISIBLE}\u0130\u2024\u3002]")
_LETTERS = re.compile("[\U0001d400-\U0001d7ff]")
_LETTERS_BEGIN = b"\xf0\x9d"  # in UTF-8


def _made_plain(found: re.Match[str]) -> str:
    """A letter of another shape, or a blank for what is not seen; as long as it was."""
    return _PLAIN.get(ord(found[0]), found[0]) if not _UNSEEN.match(found[0]) else " "


_LOWER = bytes(range(256)).lower()
_ASCII = bytes(range(128))
_ASCII_GAPS = bytes(code for code in _ASCII if chr(code).isspace()) + b">"
_MOST_CHANGES = 40  # kinds of characters: each takes one more look at the text
_FINAL = "\u03a3"  # of which the lower case depends on what stands around it


class Squeezed:
    """A text in lower case and without gaps, and where each of its characters came from."""

    __slots__ = ("_ends", "_starts", "source", "text")

    def __init__(self, source: str) -> None:
        self.source = source
        self.text = _text(source)
        self._starts: list[int] | None = None
        self._ends: list[int] = []

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The part of the source that became text[start:end]; end is greater than start."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, index: int) -> int:
        if self._starts is None:
            # Words and the gaps between them, one after the other.
            pieces = _GAP.split(_spaced(self.source))
            places = list(accumulate(map(len, pieces), initial=0))
            first = 0 if pieces[0] else 2
            self._starts = places[first::2]
            self._ends = list(accumulate(map(len, pieces[first::2]), initial=0))
        number = bisect_right(self._ends, index) - 1
        return self._starts[number] + index - self._ends[number]


def _text(source: str) -> str:
    """`_spaced` without its blanks, quickly where most characters are ASCII and few change."""
    data = source.encode("utf-8", "surrogatepass")
    if len(data) == len(source):
        return data.translate(_LOWER, _ASCII_GAPS).decode()
    if len(data) > len(source) * 5 // 4:
        return "".join(_spaced(source).split())
    others = set(data.translate(None, _ASCII).decode("utf-8", "surrogatepass"))
    changes = [(one, other) for one in others if (other := _squeezed_one(one)) != one]
    if len(changes) > _MOST_CHANGES or _FINAL in others:
        return "".join(_spaced(source).split())
    plain = data.translate(_LOWER, _ASCII_GAPS).decode("utf-8", "surrogatepass")
    for one, other in changes:
        plain = plain.replace(one, other)
    return plain


@lru_cache(maxsize=4096)
def _squeezed_one(char: str) -> str:
    return "".join(_spaced(char).split())


def _spaced(source: str) -> str:
    """A text in lower case and in plain letters, with a blank for each gap; as long as it was."""
    spaced = source.replace(">", " ").replace("\xa0", " ")
    if not spaced.isascii():
        spaced = _ODD.sub(_made_plain, spaced)
        if _LETTERS_BEGIN in spaced.encode("utf-8", "surrogatepass"):
            spaced = _LETTERS.sub(_made_plain, spaced)
    return spaced.lower()


def squeezed(word: str) -> str:
    """What `Squeezed` makes of a word, quickly where there is nothing to do."""
    simple = word.isascii() and word.isprintable() and not (" " in word or ">" in word)
    return word.lower() if simple else Squeezed(word).text
