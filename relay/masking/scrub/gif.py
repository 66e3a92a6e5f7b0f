"""GIF pictures without comments and program data (GIF89a)."""

from __future__ import annotations

from relay.masking.identity import Identity
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_CONTROL, _PROGRAM = 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_MOST_BLOCKS = 100_000


def gif(content: bytes, identity: Identity) -> bytes:
    """The picture with every frame, its times and how often it repeats, and nothing else."""
    place = 13 + _table(content, 10, 0x80)
    kept = [content[:place]]
    for _ in range(_MOST_BLOCKS):
        mark = content[place : place + 1]
        if mark == bytes((_TRAILER,)):
            return b"".join(kept) + mark
        if mark == bytes((_IMAGE,)):
            end = _sub_blocks(content, place + 11 + _table(content, place + 9, 0x80))
            kept.append(content[place:end])
        elif mark == bytes((_EXTENSION,)):
            end = _sub_blocks(content, place + 2)
            kept.append(_needed(content[place:end]))
        else:
            break
        place = end
    raise Unscrubbable(DAMAGED)


def _needed(block: bytes) -> bytes:
    """What viewers need of an extension: frame times, and the loop counter written anew."""
    if block[1] == _CONTROL and len(block) == 8:
        return block
    if block[1] == _PROGRAM and block[3:14] in _LOOPS and block[14:16] == b"\x03\x01":
        return block[:18] + b"\0"
    return b""


def _table(content: bytes, place: int, flag: int) -> int:
    """The size of the colour table that a packed field announces."""
    if place >= len(content):
        raise Unscrubbable(DAMAGED)
    packed = content[place]
    return 3 << ((packed & 7) + 1) if packed & flag else 0


def _sub_blocks(content: bytes, place: int) -> int:
    """Where the chain of data blocks ends that begins at a place."""
    while place < len(content):
        size = content[place]
        place += 1 + size
        if not size:
            return place
    raise Unscrubbable(DAMAGED)
