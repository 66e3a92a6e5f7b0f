"""What the octets of a file show: the gate's own way to read them, shared with nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

ONLY_SHOWN = bytes(code if 0x20 <= code < 0x7F or code in b"\t\r\n" else 0 for code in range(256))
_SHOWN = re.compile(rb"[\x20-\x7e\t\r\n]{5,}+")
_MARKED = bytes(65 if code else 0 for code in ONLY_SHOWN)
_RUN_ENDS = b"A" * 5 + b"\0"
_WIDE = re.compile(rb"(?:[\x20-\x7e]\0){4,}[\x20-\x7e]?")  # in either byte order
_ZEROS = b"\0" * 4  # as every second octet: what it takes to match that
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


def shown_in(data: bytes) -> str | None:
    """What a file shows in ASCII, where it has a character that an address needs."""
    if data.isascii():
        return data.decode("ascii")
    if not any(sign in data for sign in _AT):
        return None
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


def beyond_ascii(data: bytes) -> Iterator[str]:
    """What a file says in UTF-8, or in wide letters."""
    signed = not data.isascii() and any(sign in data for sign in _AT)
    if signed and (words := decoded(data)) is not None:
        yield words
    yield from wide(data)


def wide(data: bytes) -> Iterator[str]:
    """What octets say in UTF-16, and in the escapes of ISO-2022."""
    wide_ = b"\0" in data and any(_ZEROS in data[offset::2] for offset in (0, 1))
    for run in _WIDE.findall(data) if wide_ else ():
        yield run.replace(b"\0", b"").decode("ascii")
    if b"\x1b(" in data or b"\x1b$" in data:
        yield data.decode("iso2022_jp_ext", "ignore")


def decoded(data: bytes) -> str | None:
    """The text of UTF-8; None for what is none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
