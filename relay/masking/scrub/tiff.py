"""TIFF pictures without what scanners and programs write into them (TIFF 6.0)."""

from __future__ import annotations

import struct

from relay.masking.identity import Identity
from relay.masking.scrub import exif, traces
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_PROFILE = 34675  # ICC
# What decides how the picture looks.
_KEPT = {*range(254, 260), *range(262, 267), 273, 274, *range(277, 285), *range(290, 294), 296, 297}
_KEPT |= {301, *range(317, 326), 332, 334, 336, *range(338, 342), *range(529, 533), _PROFILE}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_WHOLE = {1: "B", 3: "H", 4: "I"}
_PIXELS = ((273, 279), (324, 325))  # where strips and tiles are, and how long
_PARTS = 330  # more pictures below this one: in raw photos, the photo itself
_COMPRESSION, _JPEG = 259, frozenset((6, 7))
_MOST_PAGES = 500
_UNREADABLE = "it is a kind of TIFF picture whose hidden details cannot be removed"

Entry = tuple[int, int, int, bytes]


def tiff(content: bytes, identity: Identity) -> bytes:
    """The picture where it was in the file; every byte that no needed entry refers to is zero."""
    try:
        return _Cleaner(content, identity).cleaned()
    except (ValueError, struct.error) as error:
        raise Unscrubbable(DAMAGED) from error


class _Cleaner:
    """One file while it is copied, entry by entry, to an empty one of the same size."""

    def __init__(self, content: bytes, identity: Identity) -> None:
        self.content = content
        self.identity = identity
        self.order = exif.order(content)
        if not self.order or len(content) < 8:
            raise Unscrubbable(_UNREADABLE)
        self.copied = bytearray(len(content))
        self.left = 2 * len(content) + (1 << 16)  # entries may all refer to the same bytes

    def cleaned(self) -> bytes:
        self._copy(0, 8)
        (place,) = struct.unpack_from(f"{self.order}I", self.content, 4)
        for _ in range(_MOST_PAGES):
            place = self._page(place)
            if not place:
                return bytes(self.copied.rstrip(b"\0")) + b"\0\0\0\0"
        raise Unscrubbable(DAMAGED)

    def _page(self, place: int) -> int:
        """Copies one directory and what it needs; says where the next one is."""
        found = list(exif.entries(self.content, self.order, place))
        kept = [entry for entry in found if entry[0] in _KEPT]
        values = {entry[0]: self._values(entry) for entry in kept}
        parts = any(entry[0] == _PARTS for entry in found)
        if parts or _JPEG.intersection(values.get(_COMPRESSION, ())):
            raise Unscrubbable(_UNREADABLE)
        for offsets, counts in _PIXELS:
            for start, size in zip(values.get(offsets, ()), values.get(counts, ()), strict=False):
                self._copy(start, size)
        entries = (struct.pack(f"{self.order}HHI", *entry[:3]) + entry[3] for entry in kept)
        following = self._piece(place + 2 + 12 * len(found), 4)
        directory = struct.pack(f"{self.order}H", len(kept)) + b"".join(entries) + following
        self.copied[place : place + len(directory)] = directory
        return int(struct.unpack(f"{self.order}I", following)[0])

    def _values(self, entry: Entry) -> tuple[int, ...]:
        """The whole numbers of an entry; those that stand elsewhere in the file are copied."""
        tag, kind, count, value = entry
        size = _SIZES.get(kind, 0) * count
        if size > 4:
            (start,) = struct.unpack(f"{self.order}I", value)
            value = self._copy(start, size)
        if tag == _PROFILE:
            traces.refuse_traces(value, self.identity)
        if kind not in _WHOLE:
            return ()
        return struct.unpack_from(f"{self.order}{count}{_WHOLE[kind]}", value)

    def _copy(self, start: int, size: int) -> bytes:
        piece = self._piece(start, size)
        self.copied[start : start + size] = piece
        return piece

    def _piece(self, start: int, size: int) -> bytes:
        self.left -= size
        if self.left < 0 or start + size > len(self.content):
            raise Unscrubbable(DAMAGED)
        return self.content[start : start + size]
