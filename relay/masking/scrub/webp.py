"""WebP pictures without Exif and XMP (RFC 9649)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from relay.masking.identity import Identity
from relay.masking.scrub import exif, traces
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_PIXELS = frozenset((b"VP8 ", b"VP8L", b"ALPH"))
_KEPT = _PIXELS | {b"VP8X", b"ANIM", b"ANMF", b"ICCP"}
_HAS_EXIF, _HAS_XMP = 0x08, 0x04
_FRAME_HEAD = 16
_MOST_CHUNKS = 20_000


def webp(content: bytes, identity: Identity) -> bytes:
    """The picture with every pixel, its colour profile and frames, and which way is up."""
    if len(content) < 12:
        raise Unscrubbable(DAMAGED)
    (size,) = struct.unpack_from("<I", content, 4)
    kept, turn = [], 1
    for kind, data in _chunks(content[12 : 8 + size]):
        if kind == b"EXIF":
            turn = exif.orientation(data.removeprefix(b"Exif\0\0"))
        elif kind == b"ANMF":
            frame = ((k, d) for k, d in _chunks(data[_FRAME_HEAD:]) if k in _PIXELS)
            kept.append((kind, data[:_FRAME_HEAD] + b"".join(_chunk(k, d) for k, d in frame)))
        elif kind in _KEPT:
            kept.append((kind, data))
        if kind == b"ICCP":
            traces.refuse_traces(data, identity)
    if turn != 1:
        kept.append((b"EXIF", exif.upright(turn)))
    body = b"WEBP" + b"".join(_chunk(kind, _told(kind, data, turn)) for kind, data in kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _told(kind: bytes, data: bytes, turn: int) -> bytes:
    """A chunk as it is; the one that says what else is in the file says what is left."""
    if kind != b"VP8X" or not data:
        return data
    flags = data[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if turn != 1 else 0)
    return bytes((flags,)) + data[1:10]


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    for _ in range(_MOST_CHUNKS):
        if place >= len(data):
            return
        if place + 8 > len(data):
            break
        kind, size = struct.unpack_from("<4sI", data, place)
        payload = data[place + 8 : place + 8 + size]
        if len(payload) != size:
            break
        yield kind, payload
        place += 8 + size + size % 2
    raise Unscrubbable(DAMAGED)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
