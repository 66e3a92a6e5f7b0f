"""Runs of octets that stand for others: deflated, or written out in letters and digits."""

from __future__ import annotations

import base64
import binascii
import re
import string
import zlib
from collections.abc import Iterator

from relay.masking import transfer
from relay.masking.scrub.outcome import TOO_LARGE, Unscrubbable
from relay.masking.stretches import letters, stretches

_MOST_BYTES = 64 << 20  # of all that is inflated or decoded on the way
_FIRST_STEP, _STEP = 1 << 10, 1 << 16
_FEW = 4000  # characters: beyond that, base64 begins where it seems to begin

_DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
# Possessive: a place to go back to for each line takes half as much memory as the lines.
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}+(?:\s{1,2}+[A-Za-z0-9+/_-]{4,}+)*+")
_HEX = re.compile(rb"[0-9a-fA-F][0-9a-fA-F:\s]{22,}")
_SHORTEST, _SHORTEST_HEX = 16, 23
_IN_BASE64 = letters((string.ascii_letters + string.digits + "+/_-").encode())
_IN_HEX = letters(b"0123456789abcdefABCDEF: \t\n\r\f\v")
_UU = re.compile(rb"^begin [0-7]{3,4} [^\n]{1,200}\n", re.MULTILINE)
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_BLANKS = b" \t\n\r\f\v"
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789abcdefABCDEF"))


class Budget:
    """How much may still be decoded."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = _MOST_BYTES

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Unscrubbable(TOO_LARGE)


def decoded(content: bytes, budget: Budget) -> Iterator[bytes]:
    """What all runs of each coding stand for, line by line. Raises Unscrubbable for too much."""
    yield b"\n".join(_inflated(content, budget))
    yield from _from_base64(content, budget)
    yield from _from_hex(content, budget)
    if b"begin " in content:
        yield _from_uuencode(content, budget)


def _inflated(content: bytes, budget: Budget) -> Iterator[bytes]:
    """What zlib and gzip runs hold (RFC 1950, 1952). Each octet is paid for, read or written."""
    place = 0
    while found := _DEFLATED.search(content, place):
        machine = zlib.decompressobj(31 if found[0][0] == 0x1F else 15)
        start, size, place = found.start(), _FIRST_STEP, found.start() + 1
        try:
            while not machine.eof and start < len(content):
                step = content[start : start + size]
                budget.spend(len(step))
                piece = machine.decompress(step, budget.left + 1)
                budget.spend(len(piece))
                yield piece
                start, size = start + len(step), min(2 * size, _STEP)
        except zlib.error:
            continue  # what only looked like a beginning
        place = max(place, start - len(machine.unused_data))


def _from_base64(content: bytes, budget: Budget) -> Iterator[bytes]:
    """What base64 stands for (RFC 4648), wherever in a run it begins."""
    pieces: tuple[list[bytes], ...] = ([], [], [], [])
    for run in _runs_of_base64(content):
        word = run[0].translate(_URL_SAFE, _BLANKS)
        if word.islower() or word.isupper():  # a path or a number, hardly ever base64
            continue
        for offset in range(4 if len(word) < _FEW else 1):
            budget.spend(len(word))
            piece = word[offset:-1] if (len(word) - offset) % 4 == 1 else word[offset:]
            pieces[offset].append(base64.b64decode(piece + b"=" * (-len(piece) % 4)))
    yield from map(b"\n".join, pieces)


def _runs_of_base64(content: bytes) -> Iterator[re.Match[bytes]]:
    done = 0
    for start, _ in stretches(content, _IN_BASE64, _SHORTEST):
        if start >= done and (run := _BASE64.match(content, start)):
            done = run.end()
            yield run


def _from_hex(content: bytes, budget: Budget) -> Iterator[bytes]:
    """What hexadecimal digits stand for; the last letter of a word may stand before them."""
    pieces: tuple[list[bytes], ...] = ([], [])
    for run in _runs_of_hex(content):
        digits = run[0].translate(None, _NO_DIGITS)
        budget.spend(len(digits))
        for offset in (0, 1):
            even = (len(digits) - offset) // 2 * 2
            pieces[offset].append(binascii.unhexlify(digits[offset : offset + even]))
    yield from map(b"\n".join, pieces)


def _runs_of_hex(content: bytes) -> Iterator[re.Match[bytes]]:
    for start, end in stretches(content, _IN_HEX, _SHORTEST_HEX):
        yield from _HEX.finditer(content, start, end)


def _from_uuencode(content: bytes, budget: Budget) -> bytes:
    """What uuencoded files in a text hold (POSIX.1-2001)."""
    blocks = _UU.split(content)[1:]
    budget.spend(sum(map(len, blocks)))
    return b"\n".join(map(transfer.uuencoded, blocks))
