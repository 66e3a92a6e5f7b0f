"""Single compressed files: gzip, bzip2 and xz."""

from __future__ import annotations

import bz2
import gzip as gzip_format
import lzma
import zlib
from collections.abc import Callable
from typing import Protocol

from relay.masking.scrub.inside import Budget, Inside
from relay.masking.scrub.outcome import DAMAGED, TOO_LARGE, Unscrubbable

_MOST_STREAMS = 1000
_STEP = 1 << 16
_SLOW_TO_PACK = 8 << 20  # bytes that bzip2 or xz pack again in about a second
_MEMORY = 128 << 20  # a dictionary of xz may ask for gigabytes


class _Machine(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def gzip(content: bytes, inside: Inside) -> bytes:
    """The file within, cleaned, without the name, date and system of where it was packed."""
    inner = _unpacked(content, lambda: zlib.decompressobj(31), inside.budget)
    return gzip_format.compress(inside.scrub(inner), mtime=0)


def bzip2(content: bytes, inside: Inside) -> bytes:
    """The file within, cleaned."""
    inner = _unpacked(content, bz2.BZ2Decompressor, inside.budget, _SLOW_TO_PACK)
    return bz2.compress(inside.scrub(inner))


def xz(content: bytes, inside: Inside) -> bytes:
    """The file within, cleaned."""
    inner = _unpacked(
        content,
        lambda: lzma.LZMADecompressor(memlimit=_MEMORY),
        inside.budget,
        _SLOW_TO_PACK,
    )
    return lzma.compress(inside.scrub(inner), preset=3)


def _unpacked(
    content: bytes, start: Callable[[], _Machine], budget: Budget, most: int | None = None
) -> bytes:
    """All streams from the beginning, one after the other; what follows them is dropped."""
    pieces: list[bytes] = []
    left = budget.bytes if most is None else min(most, budget.bytes)
    place = 0
    for number in range(_MOST_STREAMS):
        machine = start()
        begun = place
        try:
            while not machine.eof and place < len(content):
                step = content[place : place + _STEP]
                pieces.append(machine.decompress(step, left + 1))
                budget.spend(len(pieces[-1]))
                left -= len(pieces[-1])
                if left < 0:
                    raise Unscrubbable(TOO_LARGE)
                place += len(step)
            place -= len(machine.unused_data)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, MemoryError) as error:
            if number and place == begun:  # padding, or something else behind the last stream
                break
            raise Unscrubbable(DAMAGED) from error
        if not machine.eof:
            raise Unscrubbable(DAMAGED)
        if place >= len(content):
            break
    else:
        raise Unscrubbable(TOO_LARGE)
    return b"".join(pieces)
