"""The one thing that pictures need of their Exif data: which way is up (Exif 2.32, TIFF 6.0)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

ORIENTATION = 0x0112
_SHORT = 3
_MOST_ENTRIES = 512


def order(block: bytes) -> str:
    """The byte order of a TIFF block, as struct writes it; empty if it is no such block."""
    return {b"II*\0": "<", b"MM\0*": ">"}.get(bytes(block[:4]), "")


def entries(block: bytes, order: str, start: int) -> Iterator[tuple[int, int, int, bytes]]:
    """(tag, type, count, value or offset) for each entry of the directory at an offset.

    Raises ValueError if it is not there as a whole, or is longer than any program writes.
    """
    (count,) = struct.unpack_from(f"{order}H", block, start) if start + 2 <= len(block) else (0,)
    if not 0 < count <= _MOST_ENTRIES or start + 2 + 12 * count > len(block):
        raise ValueError(start)
    for place in range(start + 2, start + 2 + 12 * count, 12):
        yield *struct.unpack_from(f"{order}HHI", block, place), bytes(block[place + 8 : place + 12])


def orientation(block: bytes) -> int:
    """The orientation, 1 to 8, that a TIFF block gives; 1 if it gives none."""
    mark = order(block)
    if not mark or len(block) < 8:
        return 1
    (start,) = struct.unpack_from(f"{mark}I", block, 4)
    try:
        for tag, kind, count, value in entries(block, mark, start):
            if (tag, kind, count) == (ORIENTATION, _SHORT, 1):
                (turn,) = struct.unpack_from(f"{mark}H", value)
                return turn if 1 <= turn <= 8 else 1
    except ValueError:
        return 1
    return 1


def upright(turn: int) -> bytes:
    """A TIFF block that says nothing but the orientation."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, _SHORT, 1, turn, 0, 0)
