"""JPEG pictures without what cameras and programs write into them (ITU T.81, T.871)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from relay.masking.identity import Identity
from relay.masking.scrub import exif, traces
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_TABLES = frozenset((*range(0xC0, 0xC8), *range(0xC9, 0xD0), 0xDB, 0xDC, 0xDD, 0xDE, 0xDF))
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_EXIF = b"Exif\0\0"
_MOST_SEGMENTS = 20_000

Segment = tuple[int, bytes, bytes]  # marker, payload, the coded picture data behind it


def jpeg(content: bytes, identity: Identity) -> bytes:
    """The picture with every pixel and its colour profile; of Exif, only the orientation.

    All else is left out: segments that decoders do not need, and whatever follows the picture.
    """
    kept, turn, profile = [], 1, b""
    for marker, payload, coded in _segments(content):
        if marker == 0xE1 and payload.startswith(_EXIF):
            turn = exif.orientation(payload[len(_EXIF) :])
            continue
        if (needed := _needed(marker, payload)) is not None:
            kept.append(_segment(marker, needed) + coded)
        if marker == 0xE2 and needed:
            profile += needed
    if turn != 1:
        first = 1 if kept and kept[0][1] == 0xE0 else 0
        kept.insert(first, _segment(0xE1, _EXIF + exif.upright(turn)))
    traces.refuse_traces(profile, identity)
    return b"\xff\xd8" + b"".join(kept) + b"\xff\xd9"


def _needed(marker: int, payload: bytes) -> bytes | None:
    """What decoders need of a segment."""
    if marker == _SCAN or marker in _TABLES:
        return payload
    if marker == 0xE0 and payload.startswith(b"JFIF\0") and len(payload) >= 14:
        return payload[:12] + b"\0\0"  # without its thumbnail
    if marker == 0xE2 and payload.startswith(b"ICC_PROFILE\0"):
        return payload
    if marker == 0xEE and payload.startswith(b"Adobe") and len(payload) >= 12:
        return payload[:12]  # says how the colours are coded
    return None


def _segments(content: bytes) -> Iterator[Segment]:
    """Every segment up to the end of the first picture."""
    if content[:2] != b"\xff\xd8":
        raise Unscrubbable(DAMAGED)
    place = 2
    for _ in range(_MOST_SEGMENTS):
        found = _NEXT_MARKER.search(content, place)
        if not found:
            break
        marker, place = content[found.end() - 1], found.end()
        if marker == _END:
            return
        if marker in (0x01, _START):  # stand alone
            continue
        (length,) = struct.unpack_from(">H", content, place) if place + 2 <= len(content) else (0,)
        payload = content[place + 2 : place + length]
        if length < 2 or len(payload) != length - 2:
            break
        place += length
        after = place
        if marker == _SCAN:
            behind = _NEXT_MARKER.search(content, place)
            after = behind.start() if behind else len(content)
        yield marker, payload, content[place:after]
        place = after
    raise Unscrubbable(DAMAGED)


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload
