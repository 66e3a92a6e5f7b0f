"""Every layer of a message that somebody could read: the gate's own eyes, shared with nobody."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from enum import Enum
from urllib.parse import unquote

MAX_DEPTH = 6
MAX_BYTES = 64 << 20  # octets of all layers together that come out of containers
_MEMBER = 16 << 20


class Place(Enum):
    STRUCTURE = "structure"  # header fields and MIME fields
    TEXT = "text"  # what a person reads
    FILE = "file"
    BEYOND = "beyond"  # deeper or larger than is looked at


@dataclass(frozen=True, slots=True)
class Layer:
    """One reading of one place."""

    where: str
    place: Place
    text: str


def layers(content: bytes) -> Iterator[Layer]:
    """Every reading of every part of a message."""
    return _Reader().message(content, "", 0)


class _Reader:
    """Counts what was unpacked, so that nothing can be made to unpack for ever."""

    def __init__(self) -> None:
        self.left = MAX_BYTES

    def message(self, content: bytes, where: str, depth: int) -> Iterator[Layer]:
        parts = _parts(content) if depth <= MAX_DEPTH else None
        if parts is None:
            yield Layer(where, Place.BEYOND, "")
            return
        for number, part in enumerate(parts):
            place = f"{where}part {number}"
            yield from _fields(part, place)
            for aside in (part.preamble, part.epilogue):
                yield from _readings(place, Place.STRUCTURE, aside or "")
            if part.is_multipart():
                continue
            data = part.get_payload(decode=True)
            if isinstance(data, bytes) and data:
                yield from self._body(part, data, place, depth)

    def _body(self, part: Message, data: bytes, where: str, depth: int) -> Iterator[Layer]:
        kind = part.get_content_type()
        if part.get_content_maintype() == "text" and not part.get_filename():
            yield from _readings(where, Place.TEXT, _text(data, part.get_content_charset()))
        else:
            yield from self._file(data, f"{where} {kind}", depth)

    def _file(self, data: bytes, where: str, depth: int) -> Iterator[Layer]:
        if depth > MAX_DEPTH or self.left < 0:
            yield Layer(where, Place.BEYOND, "")
            return
        yield from _bytes(data, where)
        for read in (_zip, _gzip, _streams):
            for inner in read(data):
                self.left -= len(inner)
                yield from self._file(inner, where, depth + 1)
        if _MESSAGE.match(data):
            yield from self.message(data, f"{where} ", depth + 1)


def _parts(content: bytes) -> list[Message] | None:
    """All parts of a message; None if they are nested too deeply to be read."""
    try:
        return list(message_from_bytes(content).walk())
    except RecursionError:
        return None


# --- fields --------------------------------------------------------------------------------


def _fields(part: Message, where: str) -> Iterator[Layer]:
    for name, value in part.raw_items():
        place = f"{where} field {name}"
        raw = str(value)
        yield from _readings(place, _of(name), _words(raw))
        if "*" in raw or "%" in raw:
            yield Layer(place, _of(name), _parameters(part, name))


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
    shown = []
    for piece, charset in pieces:
        shown.append(piece if isinstance(piece, str) else _text(piece, charset))
    return "".join(shown)


def _parameters(part: Message, name: str) -> str:
    try:
        found = part.get_params([], name)
    except (ValueError, LookupError, TypeError):
        return ""
    return "\n".join(collapse_rfc2231_value(value) for _, value in found)


# --- text ----------------------------------------------------------------------------------

_TAGS = re.compile(r"<[^<>]{0,5000}>")
_HEXES = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([0-9a-fA-F]{2,6})")
_SOFT = re.compile(r"=(?:([0-9A-Fa-f]{2})|[ \t]{0,9}\r?\n)")
_LONG = re.compile(r"[A-Za-z0-9+/_-]{16,65536}")
_DIGITS = re.compile(r"(?:[0-9a-fA-F]{2}){8,4096}")


def _text(data: bytes, charset: str | None) -> str:
    for name in (charset or "utf-8", "utf-8"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return data.decode("latin-1")


def _readings(where: str, place: Place, text: str) -> Iterator[Layer]:
    """A text, and what it becomes under each coding that it shows signs of."""
    seen = {text}
    yield Layer(where, place, text)
    for sign, reading in _CODINGS:
        if sign in text:
            for _ in range(3):
                text_ = reading(text)
                if text_ in seen:
                    break
                seen.add(text_)
                yield Layer(where, place, text_)
                text = text_ if sign in "%&" else text
    if max(map(len, text.split()), default=0) > 15:
        for found in _LONG.finditer(text):
            yield from (Layer(where, place, one) for one in _runs(found[0]))


def _escapes(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        code = int(found[1] or found[2] or found[3], 16)
        return chr(code) if code < 0x110000 else ""

    return _HEXES.sub(one, text)


def _soft(text: str) -> str:
    return _SOFT.sub(lambda found: chr(int(found[1], 16)) if found[1] else "", text)


def _seven(text: str) -> str:
    return text.encode("ascii", "ignore").decode("utf-7", "ignore")


_CODINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("%", unquote),
    ("&", html.unescape),
    ("<", lambda text: _TAGS.sub("", text)),
    ("=", _soft),
    ("\\", _escapes),
    ("+", _seven),
)


def _runs(run: str) -> Iterator[str]:
    """What a long word says as base64, whole or in pieces, and as hexadecimal."""
    for word in {run, *re.split(r"[/_+-]", run)}:
        plain = word.translate({45: 43, 95: 47})
        for offset in range(4):
            part = plain[offset:]
            part = part[: len(part) // 4 * 4 if len(part) % 4 == 1 else None]
            data = base64.b64decode(part + "=" * (-len(part) % 4)).replace(b"\0", b"")
            if b"@" in data or b"%40" in data:
                yield b"\n".join(_SHOWN.findall(data)).decode("ascii")
                yield data.decode("utf-8", "replace")
    if "40" in run:
        for digits in _DIGITS.findall(run):
            yield bytes.fromhex(digits).decode("utf-8", "replace")


# --- files ---------------------------------------------------------------------------------

_MESSAGE = re.compile(rb"(?:[!-9;-~]{1,60}:[^\n]{0,900}\n(?:[ \t][^\n]{0,900}\n)*){3}")
_SHOWN = re.compile(rb"[\x20-\x7e\t\r\n]{5,}")
_SHOWN_WIDE = re.compile(r"[\x20-\x7e\t\r\n]{5,}")
_DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_AT = re.compile(rb"@|%40|&#|=40|\\u0040|\\x40|\+AEA", re.IGNORECASE)


def _bytes(data: bytes, where: str) -> Iterator[Layer]:
    """A file as text, if it has a character that an address needs."""
    if _AT.search(data):
        # In other bytes around it, a neighbour that happens to be a letter must not hide it.
        yield from _readings(where, Place.FILE, b"\n".join(_SHOWN.findall(data)).decode("ascii"))
        if not data.isascii():
            yield Layer(where, Place.FILE, _text(data, None))
    if b"\0@" in data or b"@\0" in data:
        for codec in ("utf-16-le", "utf-16-be"):
            for start in (0, 1):
                wide = data[start:].decode(codec, "ignore")
                yield Layer(where, Place.FILE, "\n".join(_SHOWN_WIDE.findall(wide)))


def _zip(data: bytes) -> Iterator[bytes]:
    if data[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive.comment
            for info in archive.infolist()[:5000]:
                yield info.filename.encode("utf-8", "replace") + b"\n" + info.comment
                with archive.open(info) as member:
                    yield member.read(_MEMBER)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, zlib.error, ValueError):
        return


def _gzip(data: bytes) -> Iterator[bytes]:
    if data[:2] != b"\x1f\x8b":
        return
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            yield stream.read(_MEMBER)
    except (OSError, EOFError, zlib.error):
        return


def _streams(data: bytes) -> Iterator[bytes]:
    """Deflated runs: of PDF objects, of PNG chunks."""
    if data[:5] != b"%PDF-" and data[:4] != b"\x89PNG":
        return
    at = 0
    while found := _DEFLATED.search(data, at):
        machine = zlib.decompressobj()
        at = found.start() + 2
        try:
            inner = machine.decompress(data[found.start() :], _MEMBER)
        except zlib.error:
            continue
        at = max(at, len(data) - len(machine.unused_data) if machine.eof else at)
        yield inner
