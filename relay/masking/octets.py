"""What the octets of a file show: the gate's own way to read them, shared with nobody."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TypeVar

ONLY_SHOWN = bytes(code if 0x20 <= code < 0x7F or code in b"\t\r\n" else 0 for code in range(256))
_SHOWN = re.compile(rb"[\x20-\x7e\t\r\n]{5,}+")
_MARKED = bytes(65 if code else 0 for code in ONLY_SHOWN)
_RUN_ENDS = b"A" * 5 + b"\0"
_WIDE = re.compile(rb"(?:[\x20-\x7e]\0){4,}[\x20-\x7e]?")  # in either byte order
_ZEROS = b"\0" * 4  # as every second octet: what it takes to match that
_WITHIN = bytes(range(0x80, 0xC0))
_ISO_2022 = codecs.getincrementaldecoder("iso2022_jp_ext")
_WINDOW, _OVERLAP = 1 << 20, 1 << 12
_Run = TypeVar("_Run", str, bytes)
_LONG_RUN = 24  # characters that may be a text in a coding of their own
# What an at sign looks like, in the codings that a file may use.
_AT = (b"@", b"%40", b"&#", b"=40", b"\\u0040", b"\\x40", b"+AEA")
_SIGNED = re.compile(b"|".join(map(re.escape, _AT)))


def text(data: bytes, charset: str | None) -> str:
    """The text of octets: by the label, as UTF-8, or octet by octet."""
    for name in (charset or "utf-8", "utf-8"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return data.decode("latin-1")


def windows(content: _Run) -> Iterator[_Run]:
    """Pieces that overlap, of what is too long to be looked at together, for memory's sake."""
    if len(content) <= 2 * _WINDOW:
        yield content
        return
    for start in range(0, len(content), _WINDOW):
        yield content[start : start + _WINDOW + _OVERLAP]


def texts(data: bytes) -> Iterator[tuple[str, bool]]:
    """What a file shows, and whether it may hold codings: in ASCII, in UTF-8, in wide letters."""
    signed = any(sign in data for sign in _AT)  # without, it has no address
    for window in windows(data):
        if window.isascii():
            yield window.decode("ascii"), True
        elif signed:
            yield _shown(window), True
            if (words := _in_utf8(window)) is not None:
                yield words, False
        yield from ((one, False) for one in wide(window))
    yield from ((one, False) for one in shifted(data))


def _shown(data: bytes) -> str:
    # Other octets around it, of which one may happen to be a letter, must not hide it.
    shown = (run for run in _shown_runs(data) if len(run) > _LONG_RUN or _SIGNED.search(run))
    return b"\n".join(shown).decode("ascii")


def _shown_runs(data: bytes) -> Iterator[bytes]:
    marked = data.translate(_MARKED)
    if marked.count(_RUN_ENDS) > len(data) // _LONG_RUN:
        yield from _SHOWN.findall(data)  # the faster way where there are many
        return
    at = marked.find(_RUN_ENDS[:-1])
    while at >= 0:
        end = marked.find(b"\0", at)
        yield data[at : end if end >= 0 else None]
        at = marked.find(_RUN_ENDS[:-1], end) if end >= 0 else end


def wide(data: bytes) -> Iterator[str]:
    """What octets say in UTF-16."""
    if b"\0" in data and any(_ZEROS in data[offset::2] for offset in (0, 1)):
        for run in _WIDE.findall(data):
            yield run.replace(b"\0", b"").decode("ascii")


def shifted(data: bytes) -> Iterator[str]:
    """What octets say in the escapes of ISO-2022, whose meaning lasts until the next."""
    if b"\x1b(" not in data and b"\x1b$" not in data:
        return
    decoder, text = _ISO_2022("ignore"), ""
    for start in range(0, len(data), _WINDOW):
        text = text[-_OVERLAP:] + decoder.decode(data[start : start + _WINDOW])
        yield text


def _in_utf8(window: bytes) -> str | None:
    """The same for what may begin and end within a character."""
    try:
        return codecs.utf_8_decode(window.lstrip(_WITHIN), "strict", False)[0]
    except UnicodeDecodeError:
        return None


def decoded(data: bytes) -> str | None:
    """The text of UTF-8; None for what is none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
