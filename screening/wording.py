"""How a text is worded: its n-grams of four bytes, hashed, for a score that knows no language."""

from __future__ import annotations

import re
import zlib

BUCKETS = 8192
_LENGTH = 4  # bytes: four Latin letters, two Cyrillic ones, one of Chinese and a bit
_READ = 3000  # bytes that are looked at
_FLOOR = 20  # n-grams; fewer are as good as these many
_BLANK = re.compile(r"[\s\d]+")


def buckets(text: str, name: str) -> frozenset[int]:
    """The numbers of the buckets of the text's n-grams; the addressee's name counts as nobody's."""
    plain = _BLANK.sub(" ", text[:_READ].lower())
    if name:
        plain = plain.replace(name.lower(), "@")
    written = plain.encode()[:_READ]
    grams = {written[start : start + _LENGTH] for start in range(len(written) - _LENGTH + 1)}
    return frozenset([crc % BUCKETS for crc in map(zlib.crc32, grams)])


def score(found: frozenset[int], table: bytes) -> float:
    """The sum of what each bucket says, from a table of signed bytes in steps of 1/32."""
    total = sum(map(memoryview(table).cast("b").__getitem__, found))
    return float(total / 32 / max(_FLOOR, len(found)) ** 0.5)
