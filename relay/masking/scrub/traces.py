"""Whether content tells who or where its author is, in any coding that a reader may undo."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

from relay.masking.finding import apart
from relay.masking.identity import ALONE, Identity, Span
from relay.masking.scrub import writing
from relay.masking.scrub.coded import readings
from relay.masking.scrub.outcome import SHOWS_ADDRESS, TOO_LARGE, Unscrubbable

_WINDOW, _OVERLAP = 1 << 20, 1 << 12  # what is looked at together, for memory's sake
_SHORT = 4  # characters of a local part that may well be the end of another
_DEPTH = 3  # layers below the content
_MOST_BYTES = 64 << 20  # of all that is inflated or decoded on the way
_FIRST_STEP, _STEP = 1 << 10, 1 << 16
_FEW = 4000  # characters: beyond that, base64 begins where it seems to begin

_SHOWN = re.compile(rb"[\t\n\r\x20-\x7e]{6,}")  # no address is shorter
_DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}(?:\s{1,2}[A-Za-z0-9+/_-]{4,})*")
_HEX = re.compile(rb"[0-9a-fA-F][0-9a-fA-F:\s]{22,}")
_Run = TypeVar("_Run", str, bytes)
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789abcdefABCDEF"))


def own(text: str, identity: Identity) -> tuple[Span, ...]:
    """Where a file's text shows what is the author's alone: addresses, machines, IPs, Message-IDs.

    Names, other people's addresses and sites are not: people write them on purpose.
    """
    found: list[Span] = []
    beside = _beside_addresses(identity)
    for start, window in _windows(text):
        spans = [*identity.addresses_in(window), *beside.everything_in(window)]
        found += [
            Span(start + one.start, start + one.end, one.kind, one.value)
            for one in spans
            if one.kind in ALONE
        ]
    return apart(found)


@lru_cache(maxsize=256)
def _beside_addresses(identity: Identity) -> Identity:
    """What is looked for beside the addresses; their domains would be found in vain."""
    hosts = tuple(host for host in identity.hosts if host not in identity.domains)
    return Identity((), hosts, identity.ips, identity.message_ids, ours=identity.ours)


def _windows(content: _Run) -> Iterator[tuple[int, _Run]]:
    for start in range(0, max(1, len(content)), _WINDOW):
        yield start, content[start : start + _WINDOW + _OVERLAP]


def refuse_shown(text: str, identity: Identity, reason: str = SHOWS_ADDRESS) -> None:
    """Raises Unscrubbable if a reader can see one of the author's addresses in the text."""
    for _, window in _windows(text):
        if any(identity.addresses_in(reading) for reading in readings(window)):
            raise Unscrubbable(reason)


def refuse_traces(content: bytes, identity: Identity, reason: str = SHOWS_ADDRESS) -> None:
    """Raises Unscrubbable if a layer of the content shows what `own` finds, or is too large."""
    for text in _texts(content, _Budget()):
        if any(own(reading, identity) for reading in readings(text)):
            raise Unscrubbable(reason)
    lowered, is_text = content.lower(), writing.is_text(content)
    for address in identity.addresses:
        # Words of a text have ends; in other bytes, anything may stand right before an address.
        certain = not is_text and address.find("@") > _SHORT
        for codec in ("utf-8", "utf-16-le", "utf-16-be"):
            if (certain or not address.isascii()) and address.lower().encode(codec) in lowered:
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
    yield from _shown(content)
    if not content.isascii() and _is_utf8(content):
        yield from (window.decode("utf-8", "ignore") for _, window in _windows(content))
    if b"\0" in content:
        for width in (2, 4):  # whatever their byte order
            for offset in range(width):
                yield from _shown(content[offset::width])
    if depth:
        inflated = b"\n".join(_inflated(content, budget))
        for inner in (inflated, *_from_base64(content, budget), _from_hex(content, budget)):
            yield from _texts(inner, budget, depth - 1)


def _shown(content: bytes) -> Iterator[str]:
    for _, window in _windows(content):
        yield b"\n".join(_SHOWN.findall(window)).decode("ascii")


def _is_utf8(content: bytes) -> bool:
    try:
        return bool(content.decode())
    except UnicodeDecodeError:
        return False


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
        digits = run[0].translate(None, _NO_DIGITS)
        budget.spend(len(digits))
        pieces.append(binascii.unhexlify(digits[: len(digits) // 2 * 2]))
    return b"\n".join(pieces)
