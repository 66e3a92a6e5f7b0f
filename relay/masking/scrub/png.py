"""PNG pictures without their texts and dates (PNG third edition, also animated)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from relay.masking.identity import Identity
from relay.masking.scrub import exif, traces
from relay.masking.scrub.outcome import DAMAGED, TOO_LARGE, Unscrubbable

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What decides how the picture looks. Everything else is dropped, whoever invented it.
_KEPT = frozenset(
    b"""IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD hIST pHYs cICP mDCV cLLI
    acTL fcTL fdAT""".split()
)
_MOST_CHUNKS = 100_000
_LARGEST_PROFILE = 4 << 20


def png(content: bytes, identity: Identity) -> bytes:
    """The picture with every pixel, its colours and its frames, and which way is up."""
    kept, turn = [], 1
    for kind, data in _chunks(content):
        if kind == b"eXIf":
            turn = exif.orientation(data)
        elif kind == b"iCCP":
            kept.append(_chunk(kind, _profile(data, identity)))
        elif kind in _KEPT:
            kept.append(_chunk(kind, data))
    if turn != 1:
        kept.insert(1, _chunk(b"eXIf", exif.upright(turn)))
    return _SIGNATURE + b"".join(kept)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks up to the end of the picture."""
    place = len(_SIGNATURE)
    for number in range(_MOST_CHUNKS):
        if place + 12 > len(content):
            break
        length, kind = struct.unpack_from(">I4s", content, place)
        data = content[place + 8 : place + 8 + length]
        if len(data) != length or (kind == b"IHDR") != (number == 0):
            break
        yield kind, data
        if kind == b"IEND":
            return
        place += 12 + length
    raise Unscrubbable(DAMAGED)


def _profile(data: bytes, identity: Identity) -> bytes:
    """A colour profile under a name that says nothing."""
    _, _, coded = data.partition(b"\0")
    machine = zlib.decompressobj()
    try:
        profile = machine.decompress(coded[1:], _LARGEST_PROFILE)
    except zlib.error as error:
        raise Unscrubbable(DAMAGED) from error
    if machine.unconsumed_tail:
        raise Unscrubbable(TOO_LARGE)
    traces.refuse_traces(profile, identity)
    return b"ICC\0\0" + zlib.compress(profile)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
