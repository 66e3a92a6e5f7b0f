"""New ids and tokens, from a source of randomness that the caller names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

TOKEN_LENGTH = 20  # characters of 5 bits: 100 random bits

# RFC 4648 sections 6 and 7, in lower case and two characters at a time.
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_BASE32 = tuple(one + other for one in _LETTERS for other in _LETTERS)
_BASE32HEX = tuple(one + other for one in _DIGITS for other in _DIGITS)


@dataclass(frozen=True, slots=True)
class Mint:
    """`random(n)` gives n bytes: `secrets.token_bytes` in the service, a fixed row in tests."""

    random: Callable[[int], bytes]

    def token(self) -> str:
        """A secret of 100 random bits: lower-case letters and the digits 2 to 7."""
        return _spell(int.from_bytes(self.random(13)) >> 4, TOKEN_LENGTH, _BASE32)

    def id(self, now: datetime) -> str:
        """A name for a row that sorts by time (40 bits of milliseconds, then 40 random bits)."""
        milliseconds = int(now.timestamp() * 1000) & (1 << 40) - 1
        return _spell(milliseconds << 40 | int.from_bytes(self.random(5)), 16, _BASE32HEX)


def _spell(number: int, length: int, pairs: tuple[str, ...]) -> str:
    return "".join([pairs[number >> shift & 1023] for shift in range(5 * length - 10, -1, -10)])
