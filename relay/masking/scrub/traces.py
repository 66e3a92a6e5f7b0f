"""Whether content tells who or where its author is, in any coding that a reader may undo."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeVar

from relay.masking.finding import apart
from relay.masking.identity import ALONE, Identity, Span
from relay.masking.scrub import runs, writing
from relay.masking.scrub.coded import readings
from relay.masking.scrub.outcome import SHOWS_ADDRESS, Unscrubbable
from relay.masking.stretches import letters, stretches

_WINDOW, _OVERLAP = 1 << 20, 1 << 12  # what is looked at together, for memory's sake
_SHORT = 4  # characters of a local part that may well be the end of another
_DEPTH = 3  # layers below the content

_LEAST = 6  # octets that are shown: no address is shorter
_SHOWN = re.compile(rb"[\t\n\r\x20-\x7e]{6,}")
_LETTERS, _END, _DENSE = letters((*b"\t\n\r", *range(0x20, 0x7F))), b"x" * _LEAST + b" ", 64
_ZEROS = b"\0" * 5  # as every second octet: what six wide characters have at least
_Run = TypeVar("_Run", str, bytes)


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
    for text in _texts(content, runs.Budget()):
        if any(own(reading, identity) for reading in readings(text)):
            raise Unscrubbable(reason)
    lowered, is_text = content.lower(), writing.is_text(content)
    for address in identity.addresses:
        # Words of a text have ends; in other bytes, anything may stand right before an address.
        certain = not is_text and address.find("@") > _SHORT
        for codec in ("utf-8", "utf-16-le", "utf-16-be"):
            if (certain or not address.isascii()) and address.lower().encode(codec) in lowered:
                raise Unscrubbable(reason)


def _texts(content: bytes, budget: runs.Budget, depth: int = _DEPTH) -> Iterator[str]:
    """The content as text: as it is, in wider characters, and what its coded runs hold."""
    if not content:
        return
    yield from _shown(content)
    if not content.isascii() and _is_utf8(content):
        yield from (window.decode("utf-8", "ignore") for _, window in _windows(content))
    if any(_ZEROS in content[offset::2] for offset in (0, 1)):
        for width in (2, 4):  # whatever their byte order
            for offset in range(width):
                yield from _shown(content[offset::width])
    if depth:
        for inner in runs.decoded(content, budget):
            yield from _texts(inner, budget, depth - 1)


def _shown(content: bytes) -> Iterator[str]:
    for _, window in _windows(content):
        yield b"\n".join(_runs_of_shown(window)).decode("ascii")


def _runs_of_shown(window: bytes) -> Iterable[bytes]:
    if window.translate(_LETTERS).count(_END) > len(window) // _DENSE:
        return _SHOWN.findall(window)  # faster where there are many
    return (window[start:end] for start, end in stretches(window, _LETTERS, _LEAST))


def _is_utf8(content: bytes) -> bool:
    try:
        return bool(content.decode())
    except UnicodeDecodeError:
        return False
