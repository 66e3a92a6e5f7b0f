"""The boxes of ISO base media files (ISO/IEC 14496-12): HEIC and AVIF pictures, MP4 films."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its type, where it starts, where its body does, and where both end."""

    kind: bytes
    start: int
    body: int
    end: int


def boxes(content: bytes | bytearray, start: int, end: int) -> Iterator[Box]:
    """The boxes that fill a stretch of a file. Raises Unscrubbable where they do not."""
    for _ in range(_MOST):
        if start == end:
            return
        if start + 8 > end:
            break
        size, kind = struct.unpack_from(">I4s", content, start)
        body = start + 8
        if size == 1 and start + 16 <= end:
            (size,) = struct.unpack_from(">Q", content, body)
            body += 8
        stop = start + size if size else end
        if not body <= stop <= end:
            break
        yield Box(kind, start, body, stop)
        start = stop
    raise Unscrubbable(DAMAGED)


def empty(content: bytearray, box: Box) -> None:
    """Makes a box one that readers pass over, with nothing in it."""
    content[box.start + 4 : box.start + 8] = b"free"
    content[box.body : box.end] = bytes(box.end - box.body)
