"""Runs of characters that are a text of their own: base64, hexadecimal, uuencode.

A page has hundreds of words that could be base64, and next to none that is. So all of them are
decoded in one go, and only what is found in the result is traced back to the word it stood in.
"""

from __future__ import annotations

import binascii
import re
import string
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise

from relay.masking import transfer
from relay.masking.stretches import letters, stretches

Place = tuple[int, int]

_LETTERS = letters((string.ascii_letters + string.digits + "+/_-").encode())
# Pairs of digits, of which eight may be a text.
_OF_PAIRS = bytes.maketrans(b"0123456789abcdefABCDEF :", b"x" * 22 + b"--")
_EIGHT = b"-".join((b"xx",) * 8)
# Only from where a run begins, and never back: from every letter of it, it would take for ever.
_LINES = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}+(?:\s{1,4}+[A-Za-z0-9+/]{4,}+={0,2}+)++")
_PIECE = re.compile(r"[A-Za-z0-9]{12,}")  # of a path or a name, though base64 may hold their marks
_DIGITS = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){8,}")
_PAIRS = re.compile(r"(?<![0-9a-zA-Z])[0-9a-fA-F]{2}(?:[ :][0-9a-fA-F]{2}){7,}")
_UU = re.compile(r"(?m)^begin [0-7]{3,4} [^\n]{1,200}\n((?:[ -`]{1,62}\s{0,3}\n)+)")
_SHORTEST_RUN = 12
_SHORTEST_LINE = 40
_MOST_SIGNS = 10_000
_LONGEST_RUN = 1 << 16  # a longer run is a file, and files have their own readers
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
# What only happens to stand beside a word must not look like a part of it.
_ONLY_SHOWN = bytes(code if 0x20 <= code < 0x7F else 10 for code in range(256))
_GAP = b"A" * 8  # six octets that nobody sees, of which a shift takes three at most
_NOTHING = b"\0" * 3
# What an address in a text of octets looks like; any at sign would do, but chance makes many.
# They begin with the sign itself, which is found fast.
_SIGN = re.compile(rb"@(?<=[\t\n\r -~]@)[\t\n\r -~]{4}")
_ESCAPED = re.compile(rb"&(?:#[0-9xX]|[a-zA-Z]{2,8};)")
_FOREIGN = re.compile(rb"@(?<=[!-~\x80-\xff]@)[!-~\x80-\xff]{3}")
_WIDE = b"\0@\0"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What some runs say, one after the other, and where each of them begins."""

    text: str
    starts: tuple[int, ...]
    places: tuple[Place, ...]

    def place(self, index: int) -> Place:
        """The run that says text[index], as its start and end in the source."""
        return self.places[bisect_right(self.starts, index) - 1]


def meanings(text: str) -> Iterator[Meaning]:
    """What the runs of a text can be read as; pieces of a run before the whole."""
    words = list(_words(text))
    pieces = [found.span() for word in words for found in _PIECE.finditer(text, *word)]
    in_pieces = set(pieces)
    whole = [word for word in words if word not in in_pieces]
    lines = []
    if any(end - start >= _SHORTEST_LINE for start, end in words):
        lines = [found.span() for found in _LINES.finditer(text)]
    for places in filter(None, (pieces, whole, lines)):
        yield from _base64(text, places)
    yield from _hexadecimal(text, pieces)
    if "begin " in text:
        for block in _UU.finditer(text):
            data = transfer.uuencoded(block[1].encode("ascii", "replace"))
            yield Meaning(_shown(data), (0,), (block.span(),))


def _words(text: str) -> Iterator[Place]:
    """The words that are long enough."""
    return stretches(text.encode("ascii", "replace"), _LETTERS, _SHORTEST_RUN)


def _base64(text: str, places: list[Place]) -> Iterator[Meaning]:
    """The readings from each of the places in a run where a group of four can begin.

    All runs stand in one row, each filled up to whole groups. What is put before the row shifts all
    of them at once.
    """
    coded = [_coded(text[start : min(end, start + _LONGEST_RUN)]) for start, end in places]
    row = _GAP.join(coded)
    sizes = ((len(one) + len(_GAP)) // 4 * 3 for one in coded)
    starts = list(accumulate(sizes, initial=3))
    for shift in range(4):
        octets = bytearray(binascii.a2b_base64(b"A" * (4 - shift) + row + b"A" * shift))
        for start in starts if shift else ():
            octets[start - 3 : start] = _NOTHING  # of the letters before the first whole group
        data = bytes(octets)
        if _SIGN.search(data) or b"%40" in data or _ESCAPED.search(data) or _WIDE in data:
            yield Meaning(_shown(data), tuple(starts[:-1]), tuple(places))
        if _WIDE in data:
            yield from _wide(data, starts, places)
        yield from _beyond_ascii(data, starts, places)


def _coded(run: str) -> bytes:
    """A run as whole groups of four."""
    plain = "".join(run.split()).replace("=", "A").encode("ascii").translate(_TO_STANDARD)
    return plain + b"A" * (-len(plain) % 4)


def _wide(data: bytes, starts: list[int], places: list[Place]) -> Iterator[Meaning]:
    """The same where each character takes two octets."""
    texts = [_shown(data[a:b].replace(b"\0", b"")) for a, b in pairwise(starts)]
    yield _joined("\n".join(texts), (len(one) + 1 for one in texts), places)


def _beyond_ascii(data: bytes, starts: list[int], places: list[Place]) -> Iterator[Meaning]:
    """The same for what has an at sign and is UTF-8, which chance hardly ever makes."""
    end = 0
    for sign in islice(_FOREIGN.finditer(data), _MOST_SIGNS):
        if sign.start() < end:
            continue
        number = bisect_right(starts, sign.start()) - 1
        end = starts[number + 1]
        octets = data[starts[number] : end]
        if not octets.isascii() and (words := _utf8(octets)):
            yield Meaning(words, (0,), (places[number],))


def _utf8(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return ""


def _hexadecimal(text: str, words: list[Place]) -> Iterator[Meaning]:
    """Long rows of digits, and pairs of digits with blanks or colons between them."""
    signed = (word for word in words if text.find("40", *word) >= 0)  # an at sign
    places = [found.span() for word in signed for found in _DIGITS.finditer(text, *word)]
    if (" 40" in text or ":40" in text) and _EIGHT in _spelled(text):
        places += [found.span() for found in _PAIRS.finditer(text)]
    for place in places:
        digits = re.sub(r"[ :]", "", text[slice(*place)])[:_LONGEST_RUN]
        for offset in (0, 1) if "40" in digits else ():
            part = digits[offset:]
            data = bytes.fromhex(part[: len(part) // 2 * 2])
            yield Meaning(_shown(data), (0,), (place,))


def _spelled(text: str) -> bytes:
    return text.encode("ascii", "replace").translate(_OF_PAIRS)


def _joined(text: str, lengths: Iterable[int], places: list[Place]) -> Meaning:
    starts, total = [], 0
    for length in lengths:
        starts.append(total)
        total += length
    return Meaning(text, tuple(starts), tuple(places))


def _shown(data: bytes) -> str:
    return data.translate(_ONLY_SHOWN).decode("ascii")
