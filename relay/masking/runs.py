"""Runs of characters that are a text of their own: base64, hexadecimal, uuencode."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from relay.masking import transfer

_WORD = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
# Only from where a run begins: from every letter of a long one it would take for ever.
_LINES = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}(?:\s{1,4}[A-Za-z0-9+/]{4,}={0,2})+")
_PIECE = re.compile(r"[A-Za-z0-9]{12,}")  # of a path or a name, though base64 may hold their marks
_DIGITS = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){8,}")
_PAIRS = re.compile(r"(?<![0-9a-zA-Z])[0-9a-fA-F]{2}(?:[ :][0-9a-fA-F]{2}){7,}")
_UU = re.compile(r"(?m)^begin [0-7]{3,4} [^\n]{1,200}\n((?:[ -`]{1,62}\s{0,3}\n)+)")
_TO_STANDARD = str.maketrans("-_", "+/")
_SHORTEST_RUN = 12
_SHORTEST_LINE = 40
_LONGEST_RUN = 1 << 16  # a longer run is a file, and files have their own readers
_ONLY_SHOWN = bytes(code if 0x20 <= code < 0x7F else 10 for code in range(256))


@dataclass(frozen=True, slots=True)
class Run:
    """text[start:end], and what it can be read as."""

    start: int
    end: int
    meanings: tuple[str, ...]


def runs(text: str) -> Iterator[tuple[Run, ...]]:
    """For each run its pieces, then the whole: the narrowest that tells is what is meant."""
    longest, at = 0, 0
    for word in (one for one in text.split() if len(one) >= _SHORTEST_RUN):
        at = text.find(word, at)
        longest = max(longest, len(word))
        yield from _within(text, at, at + len(word))
        at += len(word)
    if longest >= _SHORTEST_LINE:
        for lines in _LINES.finditer(text):
            yield (_run(lines, _base64(lines[0])),)
    if " 40" in text or ":40" in text:  # an at sign in hexadecimal
        for pairs in _PAIRS.finditer(text):
            yield (_run(pairs, _hexadecimal(pairs[0])),)
    if "begin " in text:
        for block in _UU.finditer(text):
            data = transfer.uuencoded(block[1].encode("ascii", "replace"))
            yield (_run(block, _meanings(data)),)


def _within(text: str, start: int, end: int) -> Iterator[tuple[Run, ...]]:
    """The runs of one word of the text."""
    for found in _WORD.finditer(text, start, end):
        pieces = [one for one in _PIECE.finditer(text, *found.span()) if one[0] != found[0]]
        yield tuple(_run(one, _base64(one[0])) for one in (*pieces, found))
        if "40" in found[0]:  # an at sign in hexadecimal
            for digits in _DIGITS.finditer(text, *found.span()):
                yield (_run(digits, _hexadecimal(digits[0])),)


def _run(found: re.Match[str], meanings: Iterator[str]) -> Run:
    return Run(*found.span(), tuple(meanings))


def _base64(run: str) -> Iterator[str]:
    """The readings from each of the places where a group of four can begin."""
    run = "".join(run.split()).rstrip("=").translate(_TO_STANDARD)[:_LONGEST_RUN]
    for offset in range(4):
        part = run[offset:]
        part = part[: len(part) // 4 * 4] if len(part) % 4 == 1 else part
        data = base64.b64decode(part + "=" * (-len(part) % 4)).replace(b"\0", b"")
        if b"@" in data or b"%40" in data or b"&" in data:
            yield from _meanings(data)


def _hexadecimal(run: str) -> Iterator[str]:
    digits = run.replace(" ", "").replace(":", "")[:_LONGEST_RUN]
    for offset in (0, 1):
        part = digits[offset:]
        yield from _meanings(bytes.fromhex(part[: len(part) // 2 * 2]))


def _meanings(data: bytes) -> Iterator[str]:
    """What octets say to a reader. What only happens to stand beside a word is no part of it."""
    yield data.translate(_ONLY_SHOWN).decode("ascii")
    if not data.isascii():
        try:
            yield data.decode()
        except UnicodeDecodeError:
            return
