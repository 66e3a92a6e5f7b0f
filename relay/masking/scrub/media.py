"""Sound and film: titles, places and makers beside the recording go, where that can be done."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from relay.masking.identity import Identity
from relay.masking.scrub import traces
from relay.masking.scrub.boxes import Box, boxes, empty
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_OTHER = "it is a recording whose hidden details cannot be removed"
_BETTER = "send it as MP3, MP4 or WAV"
_TRACKED = "it is a film that keeps record of where it was made"

_HOLDS_NOTES = frozenset((b"udta", b"meta", b"uuid", b"free", b"skip", b"wide"))
_HOLDS_BOXES = frozenset((b"moov", b"trak", b"mdia", b"minf"))
_OF_TIMES = {b"mvhd": 4, b"tkhd": 4, b"mdhd": 4}  # where a box keeps when it was made
_TRACKS = re.compile(rb"gpmd|camm|rtmd")  # positions, second by second
_DEEPEST = 5

_OF_WAVE = frozenset((b"fmt ", b"fact", b"data"))
_OF_FLAC = frozenset((0, 3, 5))  # stream information, seek table, cue sheet
_MOST_CHUNKS = 10_000
_FRAME = re.compile(rb"\xff[\xe2-\xff]")


def media(content: bytes, identity: Identity) -> bytes:
    """The recording as it is, without what stands beside it. Raises Unscrubbable."""
    try:
        cleaned = _cleaned(content)
    except struct.error as error:
        raise Unscrubbable(DAMAGED) from error
    traces.refuse_traces(cleaned, identity)
    return cleaned


def _cleaned(content: bytes) -> bytes:
    if content[4:8] == b"ftyp":
        return _film(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return _wave(content)
    if content[:4] == b"fLaC":
        return b"fLaC" + b"".join(_flac(content))
    if content[:3] == b"ID3" or _FRAME.match(content):
        return _mp3(content)
    raise Unscrubbable(_OTHER, _BETTER)


def _film(content: bytes) -> bytes:
    """MP4 and QuickTime: everything stays where it is, notes become empty boxes."""
    cleaned = bytearray(content)
    _empty_notes(content, cleaned, 0, len(content), 0)
    return bytes(cleaned)


def _empty_notes(content: bytes, cleaned: bytearray, start: int, end: int, depth: int) -> None:
    for box in boxes(content, start, end):
        if box.kind in _HOLDS_NOTES:
            empty(cleaned, box)
        elif box.kind in _HOLDS_BOXES and depth < _DEEPEST:
            _empty_notes(content, cleaned, box.body, box.end, depth + 1)
        elif box.kind == b"stbl" and _TRACKS.search(
            content, box.body, min(box.end, box.body + 400)
        ):
            raise Unscrubbable(_TRACKED)
        elif box.kind in _OF_TIMES:
            _forget_times(content, cleaned, box)


def _forget_times(content: bytes, cleaned: bytearray, box: Box) -> None:
    """Creation and modification time, in four or eight octets each."""
    size = 16 if content[box.body] == 1 else 8
    start = box.body + 4
    cleaned[start : min(start + size, box.end)] = bytes(min(size, box.end - start))


def _wave(content: bytes) -> bytes:
    kept: list[bytes] = []
    place = 12
    for _ in range(_MOST_CHUNKS):
        if place + 8 > len(content):
            body = b"WAVE" + b"".join(kept)
            return b"RIFF" + struct.pack("<I", len(body)) + body
        kind, size = struct.unpack_from("<4sI", content, place)
        if kind in _OF_WAVE:
            chunk = content[place : place + 8 + size]
            kept.append(chunk + b"\0" * (len(chunk) % 2))
        place += 8 + size + size % 2
    raise Unscrubbable(DAMAGED)


def _flac(content: bytes) -> Iterator[bytes]:
    """The needed metadata blocks, and the frames."""
    place, blocks = 4, []
    for _ in range(_MOST_CHUNKS):
        head = content[place : place + 4]
        if len(head) < 4:
            break
        size = int.from_bytes(head[1:], "big")
        if head[0] & 0x7F in _OF_FLAC:
            blocks.append((head[0] & 0x7F, content[place + 1 : place + 4 + size]))
        place += 4 + size
        if head[0] & 0x80:
            for number, (kind, block) in enumerate(blocks):
                yield bytes((kind | (0x80 if number + 1 == len(blocks) else 0),)) + block
            yield content[place:]
            return
    raise Unscrubbable(DAMAGED)


def _mp3(content: bytes) -> bytes:
    """The frames of MPEG audio, without ID3, APE and Lyrics tags on either side."""
    place = 0
    for _ in range(_MOST_CHUNKS):
        if content[place : place + 3] != b"ID3" or place + 10 > len(content):
            break
        sizes = content[place + 6 : place + 10]
        place += 10 + sum(
            (octet & 0x7F) << shift for octet, shift in zip(sizes, (21, 14, 7, 0), strict=True)
        )
    first = _FRAME.search(content, place)
    if not first:
        raise Unscrubbable(DAMAGED)
    end = len(content)
    if content[-128:-125] == b"TAG":
        end -= 128
    for tag in (b"APETAGEX", b"LYRICSBEGIN"):
        found = content.find(tag, max(first.start(), end - (1 << 20)), end)
        end = found if found >= 0 else end
    return content[first.start() : end]
