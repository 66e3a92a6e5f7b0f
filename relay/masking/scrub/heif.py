"""HEIC and AVIF pictures without Exif and XMP (ISO/IEC 23008-12)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from relay.masking.identity import Identity
from relay.masking.scrub import traces
from relay.masking.scrub.boxes import Box, boxes, empty
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_PICTURES = frozenset(
    b"hvc1 hev1 lhv1 av01 avc1 vvc1 grid iovl iden tmap".split()  # coded, or made of coded ones
)
_OF_META = frozenset(b"hdlr pitm iinf iloc iref iprp idat grpl dinf".split())
_PROPERTIES = frozenset(
    b"""ispe pixi colr pasp irot imir clap hvcC lhvC avcC vvcC av1C auxC a1op a1lx lsel clli mdcv
    cclv amve iscl rloc tols oinf""".split()
)
_MOST_ITEMS, _MOST_EXTENTS = 4096, 64
_NO_EXIF = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"  # Exif data without an entry

Extent = tuple[int, int]  # where in the file, how long


def heif(content: bytes, identity: Identity) -> bytes:
    """The picture where it was in the file; what is no picture data becomes zeros."""
    try:
        return _cleaned(content, identity)
    except struct.error as error:
        raise Unscrubbable(DAMAGED) from error


def _cleaned(content: bytes, identity: Identity) -> bytes:
    cleaned = bytearray(content)
    extents: list[tuple[bytes, list[Extent]]] = []
    for box in boxes(content, 0, len(content)):
        if box.kind == b"meta":
            extents += _meta(content, cleaned, box)
        elif box.kind == b"mdat":
            cleaned[box.body : box.end] = bytes(box.end - box.body)
        elif box.kind != b"ftyp":
            empty(cleaned, box)
    left = 2 * len(content)  # items may all refer to the same bytes
    for kind, places in extents:
        for start, size in places:
            left -= size
            if left < 0 or start + size > len(content):
                raise Unscrubbable(DAMAGED)
            if kind in _PICTURES:
                cleaned[start : start + size] = content[start : start + size]
            elif kind == b"Exif" and size >= len(_NO_EXIF):
                cleaned[start : start + size] = _NO_EXIF + bytes(size - len(_NO_EXIF))
    if not any(kind in _PICTURES for kind, _ in extents):
        raise Unscrubbable(DAMAGED)
    traces.refuse_traces(bytes(cleaned), identity)
    return bytes(cleaned)


def _meta(content: bytes, cleaned: bytearray, meta: Box) -> list[tuple[bytes, list[Extent]]]:
    """(type, extents) of each item; what names no picture is emptied."""
    kinds: dict[int, bytes] = {}
    places: dict[int, list[Extent]] = {}
    inner = {box.kind: box for box in boxes(content, meta.body + 4, meta.end)}
    for box in boxes(content, meta.body + 4, meta.end):
        if box.kind not in _OF_META:
            empty(cleaned, box)
        elif box.kind == b"hdlr":
            cleaned[box.body + 24 : box.end] = bytes(max(0, box.end - box.body - 24))
        elif box.kind == b"idat":
            cleaned[box.body : box.end] = bytes(box.end - box.body)
        elif box.kind == b"iinf":
            kinds = dict(_items(content, box))
        elif box.kind == b"iloc":
            idat = inner.get(b"idat")
            places = dict(_locations(content, box, idat.body if idat else 0))
        elif box.kind == b"iprp":
            _properties(content, cleaned, box)
    return [(kind, places.get(number, [])) for number, kind in kinds.items()]


def _properties(content: bytes, cleaned: bytearray, iprp: Box) -> None:
    """Empties descriptions and dates; the others keep their numbers in the list."""
    for container in boxes(content, iprp.body, iprp.end):
        if container.kind == b"ipco":
            for box in boxes(content, container.body, container.end):
                if box.kind not in _PROPERTIES:
                    empty(cleaned, box)


def _items(content: bytes, iinf: Box) -> Iterator[tuple[int, bytes]]:
    start = iinf.body + (8 if content[iinf.body] else 6)
    for number, box in enumerate(boxes(content, start, iinf.end)):
        version = content[box.body]
        if box.kind != b"infe" or version not in (2, 3) or number > _MOST_ITEMS:
            raise Unscrubbable(DAMAGED)
        form = ">H2x4s" if version == 2 else ">I2x4s"
        yield struct.unpack_from(form, content, box.body + 4)


def _locations(content: bytes, iloc: Box, idat: int) -> Iterator[tuple[int, list[Extent]]]:
    """Item Location box, versions 0 to 2 (section 8.11.3)."""
    fields = _Fields(content, iloc.body + 4)
    version, sizes = content[iloc.body], fields.number(2)
    offset, length, base = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index = sizes & 15 if version else 0
    for _ in range(min(fields.number(4 if version == 2 else 2), _MOST_ITEMS)):
        item = fields.number(4 if version == 2 else 2)
        method = fields.number(2) & 15 if version else 0
        fields.number(2)
        start = fields.number(base) + (idat if method == 1 else 0)
        extents = []
        for _ in range(min(fields.number(2), _MOST_EXTENTS)):
            fields.number(index)
            extents.append((start + fields.number(offset), fields.number(length)))
        if method > 1:
            raise Unscrubbable(DAMAGED)
        yield item, extents


class _Fields:
    """Whole numbers that follow one another."""

    def __init__(self, content: bytes, place: int) -> None:
        self.content, self.place = content, place

    def number(self, size: int) -> int:
        found = self.content[self.place : self.place + size]
        if len(found) != size:
            raise Unscrubbable(DAMAGED)
        self.place += size
        return int.from_bytes(found, "big")
