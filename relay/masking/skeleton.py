"""What of a message tells where its parts begin and end, for flanker, which looks at each line.

It needs the lines that may be boundaries, empty lines and Content-Type fields, and the headers. All
other lines of bodies can be left out without a change in what it finds.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

_TYPE = re.compile(rb"\n(?i:content-type:)")
_BOUNDARY = re.compile(rb"boundary=\s{0,9}\"?([^\s\";]{1,70})", re.IGNORECASE)
_MOST_BOUNDARIES = 20
_WORTHWHILE = 512  # octets


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The rest of a message, and how many octets were left out before which of its places."""

    text: bytes
    places: tuple[int, ...]
    left_out: tuple[int, ...]

    def origin(self, place: int) -> int:
        """Where in the message the octet stands that is text[place]."""
        number = bisect_right(self.places, place)
        return place + (self.left_out[number - 1] if number else 0)

    def is_crowded(self, most: int) -> bool:
        """Whether there are far more than so many parts."""
        some = islice(_BOUNDARY.finditer(self.text), _MOST_BOUNDARIES)
        names = dict.fromkeys(found[1] for found in some)
        return any(self.text.count(b"\n--" + name) > 2 * most for name in names)


def skeleton(raw: bytes) -> Skeleton:
    """The message without most lines of its bodies. Linear in its size."""
    kept, places, left_out = [], [], []
    at = size = total = 0
    for start, end in _bodies(raw):
        kept.append(raw[at:start])
        size, total, at = size + start - at, total + end - start, end
        places.append(size)
        left_out.append(total)
    return Skeleton(b"".join([*kept, raw[at:]]), tuple(places), tuple(left_out))


def _bodies(raw: bytes) -> Iterator[tuple[int, int]]:
    """Whole lines behind the header of a part, none of which flanker would see anything in."""
    begin = 0
    while begin < len(raw):
        end = raw.find(b"\n--", begin + 1)
        end = end if end >= 0 else len(raw)
        if end - begin > _WORTHWHILE:
            types = (found.start() for found in _TYPE.finditer(raw, begin + 1, end))
            for start, stop in pairwise((begin, *types, end)):
                yield from _between_empty_lines(raw, start, stop)
        begin = end


def _between_empty_lines(raw: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """From the first empty line to the second, which may end a header, and from there on."""
    end = raw.rfind(b"\n", start, end) + 1  # the last line stays
    first = _empty_line(raw, start + 1, end)
    second = _empty_line(raw, first[1] - 1, end)
    for begin, stop in ((first[1], second[0]), (second[1], end)):
        if stop - begin > _WORTHWHILE:
            yield begin, stop


def _empty_line(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the next one begins and ends."""
    at, size = raw.find(b"\n\r\n", start, end), 3
    if (other := raw.find(b"\n\n", start, at + 1 if at >= 0 else end)) >= 0:
        at, size = other, 2
    return (at + 1, at + size) if at >= 0 else (end, end)
