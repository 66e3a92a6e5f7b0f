"""New ids and tokens, from a source of randomness that the caller names."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

TOKEN_LENGTH = 20  # characters of 5 bits: 100 random bits


@dataclass(frozen=True, slots=True)
class Mint:
    """`random(n)` gives n bytes: `secrets.token_bytes` in the service, a fixed sequence in tests."""

    random: Callable[[int], bytes]

    def token(self) -> str:
        """A secret of 100 random bits: lower-case letters and the digits 2 to 7."""
        return _base32(self.random(13))[:TOKEN_LENGTH]

    def id(self, now: datetime) -> str:
        """A name for a row that sorts by time (40 bits of milliseconds, then 40 random bits)."""
        milliseconds = int(now.timestamp() * 1000) & (1 << 40) - 1
        return _base32hex(milliseconds.to_bytes(5, "big") + self.random(5))


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()


def _base32hex(data: bytes) -> str:
    return base64.b32hexencode(data).decode("ascii").rstrip("=").lower()
