"""Whether content tells who or where its author is, in any coding that a reader may undo."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace

from relay.masking.identity import Identity, Span
from relay.masking.scrub.coded import readings
from relay.masking.scrub.outcome import SHOWS_ADDRESS, TOO_LARGE, Unscrubbable
from relay.masking.squeezed import Squeezed

_DEPTH = 3  # layers below the content
_MOST_BYTES = 64 << 20  # of all that is inflated or decoded on the way
_FIRST_STEP, _STEP = 1 << 10, 1 << 16
_FEW = 4000  # characters: beyond that, base64 begins where it seems to begin

_SHOWN = re.compile(rb"[\t\n\r\x20-\x7e]{6,}")  # no address is shorter
_DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}(?:\s{1,2}[A-Za-z0-9+/_-]{4,})*")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}[\s:]?){12,}")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def own(text: str, identity: Identity) -> tuple[Span, ...]:
    """Where a file's text shows what is the author's alone: addresses, machines, IPs, Message-IDs.

    Names, other people's addresses and the bare domain are not: people write them on purpose.
    """
    private = (span for span in identity.everything_in(text) if _private(span, text, identity))
    kept: list[Span] = []
    for span in sorted(private, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        elif span.end > kept[-1].end:
            kept[-1] = replace(kept[-1], end=span.end)
    return tuple(kept)


def _private(span: Span, text: str, identity: Identity) -> bool:
    if span.kind != "host":
        return span.kind in ("address", "ip", "id", "machine")
    name = Squeezed(text[span.start : span.end]).text
    machines = (host.lower() for host in identity.hosts)
    return any(
        name == host or name.endswith(f".{host}")
        for host in machines
        if host.removeprefix("www.") not in identity.domains
    )


def refuse_shown(text: str, identity: Identity, reason: str = SHOWS_ADDRESS) -> None:
    """Raises Unscrubbable if a reader can see one of the author's addresses in the text."""
    if any(identity.addresses_in(reading) for reading in readings(text)):
        raise Unscrubbable(reason)


def refuse_traces(content: bytes, identity: Identity, reason: str = SHOWS_ADDRESS) -> None:
    """Raises Unscrubbable if a layer of the content shows what `own` finds, or is too large."""
    for text in _texts(content, _Budget()):
        if any(own(reading, identity) for reading in readings(text)):
            raise Unscrubbable(reason)
    lowered = content.lower()
    for address in identity.addresses:
        for codec in ("utf-8", "utf-16-le", "utf-16-be"):
            if not address.isascii() and address.lower().encode(codec) in lowered:
                raise Unscrubbable(reason)


class _Budget:
    """How much may still be decoded."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = _MOST_BYTES

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Unscrubbable(TOO_LARGE)


def _texts(content: bytes, budget: _Budget, depth: int = _DEPTH) -> Iterator[str]:
    """The content as text: as it is, in wider characters, and what its coded runs hold."""
    if not content:
        return
    yield _shown(content)
    if not content.isascii():
        yield from _utf8(content)
    if b"\0" in content:
        for width in (2, 4):  # whatever their byte order
            for offset in range(width):
                yield _shown(content[offset::width])
    if depth:
        inflated = b"\n".join(_inflated(content, budget))
        for inner in (inflated, *_from_base64(content, budget), _from_hex(content, budget)):
            yield from _texts(inner, budget, depth - 1)


def _shown(content: bytes) -> str:
    return b"\n".join(_SHOWN.findall(content)).decode("ascii")


def _utf8(content: bytes) -> Iterator[str]:
    try:
        yield content.decode()
    except UnicodeDecodeError:
        return


def _inflated(content: bytes, budget: _Budget) -> Iterator[bytes]:
    """What zlib and gzip runs hold (RFC 1950, 1952). Each octet is paid for, read or written."""
    place = 0
    while found := _DEFLATED.search(content, place):
        machine = zlib.decompressobj(31 if found[0][0] == 0x1F else 15)
        start, size, place = found.start(), _FIRST_STEP, found.start() + 1
        try:
            while not machine.eof and start < len(content):
                step = content[start : start + size]
                budget.spend(len(step))
                piece = machine.decompress(step, budget.left + 1)
                budget.spend(len(piece))
                yield piece
                start, size = start + len(step), min(2 * size, _STEP)
        except zlib.error:
            continue  # what only looked like a beginning
        place = max(place, start - len(machine.unused_data))


def _from_base64(content: bytes, budget: _Budget) -> Iterator[bytes]:
    """What base64 stands for (RFC 4648), wherever in a run it begins."""
    pieces: tuple[list[bytes], ...] = ([], [], [], [])
    for run in _BASE64.finditer(content):
        word = b"".join(run[0].split()).translate(_URL_SAFE)
        if word.islower() or word.isupper():  # a path or a number, hardly ever base64
            continue
        for offset in range(4 if len(word) < _FEW else 1):
            budget.spend(len(word))
            piece = word[offset:-1] if (len(word) - offset) % 4 == 1 else word[offset:]
            pieces[offset].append(base64.b64decode(piece + b"=" * (-len(piece) % 4)))
    yield from map(b"\n".join, pieces)


def _from_hex(content: bytes, budget: _Budget) -> bytes:
    pieces = []
    for run in _HEX.finditer(content):
        digits = run[0].replace(b":", b"")
        budget.spend(len(digits))
        pieces.append(bytes.fromhex(digits.decode()))
    return b"\n".join(pieces)
