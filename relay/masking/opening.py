"""Every layer of a message that somebody could read: the gate's own eyes, shared with nobody."""

from __future__ import annotations

import binascii
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from enum import Enum
from itertools import islice

from relay.masking import cutting, octets
from relay.masking.cutting import Part

MAX_DEPTH = 6
MAX_BYTES = 128 << 20  # octets that come out of the containers of one message
_MEMBER = 16 << 20
_MOST_MEMBERS = 5000
_MOST_STREAMS = 20_000
_FIRST_STEP = 1024  # octets: what is no stream fails within them
_MESSAGE = re.compile(rb"(?:[!-9;-~]{1,60}:[^\n]{0,900}\n(?:[ \t][^\n]{0,900}\n){0,50}){3}")
_DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]")


_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)


class Place(Enum):
    STRUCTURE = "structure"  # header fields and MIME fields
    TEXT = "text"  # what a person reads
    FILE = "file"
    BEYOND = "beyond"  # deeper or larger than is looked at


@dataclass(frozen=True, slots=True)
class Layer:
    """What stands in one place; `coded` if `readings` can still find something behind it."""

    where: str
    place: Place
    text: str
    coded: bool = True


def layers(content: bytes) -> Iterator[Layer]:
    """The texts of every part of a message, and of all that it holds."""
    return _Reader().message(content, "", 0)


class _Reader:
    """Counts what was unpacked, so that nothing can be made to unpack for ever."""

    left = MAX_BYTES

    def message(self, content: bytes, where: str, depth: int) -> Iterator[Layer]:
        """A message, and all that lies within it."""
        parts = cutting.parts(content) if depth <= MAX_DEPTH else None
        if parts is None:
            yield Layer(where, Place.BEYOND, "")
            return
        for number, part in enumerate(parts):
            place = f"{where}part {number}"
            yield from _fields(part.head, place)
            for beside in part.beside:
                if beside and not beside.isspace():
                    yield Layer(place, Place.STRUCTURE, beside)
            if part.leaf and (data := part.content()):
                yield from self._body(part, data, place, depth)

    def _body(self, part: Part, data: bytes, where: str, depth: int) -> Iterator[Layer]:
        if part.is_text:
            words = octets.text(data, part.head.get_content_charset())
            yield from (Layer(where, Place.TEXT, one) for one in octets.windows(words))
            for one in (*octets.wide(data), *octets.shifted(data)):
                yield Layer(where, Place.TEXT, one, False)
        else:
            yield from self._file(data, f"{where} {part.head.get_content_type()}", depth)

    def _file(self, data: bytes, where: str, depth: int) -> Iterator[Layer]:
        if depth > MAX_DEPTH:
            yield Layer(where, Place.BEYOND, "")
            return
        for shown, coded in octets.texts(data):
            yield Layer(where, Place.FILE, shown, coded)
        for inner in _unpacked(data):
            self.left -= len(inner)
            if self.left < 0:
                yield Layer(where, Place.BEYOND, "")
                return
            yield from self._file(inner, where, depth + 1)
        if _MESSAGE.match(data):
            yield from self.message(data, f"{where} ", depth + 1)


# --- fields --------------------------------------------------------------------------------


def _fields(part: Message, where: str) -> Iterator[Layer]:
    for name, value in part.raw_items():
        place = f"{where} field {name}"
        raw = str(value)
        yield Layer(place, _of(name), _words(raw))
        if "*" in raw or "%" in raw:
            yield Layer(place, _of(name), _parameters(part, name), False)


def _of(name: str) -> Place:
    """A person wrote the subject; the address of its reader stands in To."""
    return Place.TEXT if name.lower() in ("subject", "to") else Place.STRUCTURE


def _words(value: str) -> str:
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(re.sub(r"\r?\n[ \t]+", " ", value))
    except (HeaderParseError, binascii.Error, ValueError):
        return value
    return "".join(
        piece if isinstance(piece, str) else octets.text(piece, charset)
        for piece, charset in pieces
    )


def _parameters(part: Message, name: str) -> str:
    try:
        found = part.get_params([], name)
    except (ValueError, LookupError, TypeError):
        return ""
    return "\n".join(collapse_rfc2231_value(value) for _, value in found)


# --- containers ----------------------------------------------------------------------------


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What a container holds, each piece up to a bound; nothing for what is no container."""
    try:
        if data[:2] == b"PK":
            yield from _members(data)
        elif data[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                yield stream.read(_MEMBER)
        elif data[:5] == b"%PDF-" or data[:4] == b"\x89PNG":
            yield from _streams(data)
    except _DAMAGED:
        return


def _members(data: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield archive.comment
        for info in archive.infolist()[:_MOST_MEMBERS]:
            yield info.filename.encode("utf-8", "replace") + b"\n" + info.comment
            with archive.open(info) as member:
                yield member.read(_MEMBER)


def _streams(data: bytes) -> Iterator[bytes]:
    """Deflated runs: of PDF objects, of PNG chunks. Most of what looks like a start is none."""
    view, end = memoryview(data), 0
    for found in islice(_DEFLATED.finditer(data), _MOST_STREAMS):
        start = found.start()
        if start < end:
            continue
        machine, stop = zlib.decompressobj(), min(start + _FIRST_STEP, len(data))
        try:
            inner = machine.decompress(view[start:stop], _MEMBER)
            if not machine.eof:
                inner += machine.decompress(view[stop:], _MEMBER)
                stop = len(data)
        except zlib.error:
            continue
        end = stop - len(machine.unused_data) if machine.eof else start
        yield inner
