"""The gate's way to read a text through its codings: code of its own, shared with nobody."""

from __future__ import annotations

import binascii
import html
import re
import string
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate
from urllib.parse import unquote

BETWEEN = "\n\0\n"  # nothing is found across it
_TAGS = re.compile(r"<[^<>]{0,5000}>")
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
_SEVEN = re.compile(r"\+[A-Za-z0-9+/]{3}")  # no character takes less
_HEXES = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([0-9a-fA-F]{2,6})")
_SOFT = re.compile(r"=(?:([0-9A-Fa-f]{2})|[ \t]{0,9}\r?\n)")
_LONG = re.compile(r"[A-Za-z0-9+/_-]{16,65536}")
_IN_A_RUN = string.ascii_letters + string.digits + "+/_-"
_AS_ONE = bytes.maketrans(_IN_A_RUN.encode(), b"A" * len(_IN_A_RUN))
_PATH = re.compile(r"[/_+-]")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_DIGITS = re.compile(r"(?:[0-9a-fA-F]{2}){8,4096}")
_SHOWN = re.compile(rb"[\x20-\x7e\t\r\n]{5,}+")
_SIGN = re.compile(rb"@[^\0]{3}|%40[^\0]{3}")
_ONLY_SHOWN = bytes(code if 0x20 <= code < 0x7F or code in b"\t\r\n" else 0 for code in range(256))
_WIDE = re.compile(rb"(?:[\x20-\x7e]\0){4,}[\x20-\x7e]?")  # in either byte order
_ZEROS = b"\0" * 4  # as every second octet: what it takes to match that
_RUN = b"A" * 16  # the shortest, as `_AS_ONE` shows it
_WINDOW = 1 << 16  # characters
_DEEPEST = 3
# What an at sign looks like, in the codings that a file may use.
_AT = (b"@", b"%40", b"&#", b"=40", b"\\u0040", b"\\x40", b"+AEA")
_SIGNED = re.compile(b"|".join(map(re.escape, _AT)))
_LONG_RUN = 24  # characters that may be a text in a coding of their own


def text(data: bytes, charset: str | None) -> str:
    """The text of octets: by the label, as UTF-8, or octet by octet."""
    for name in (charset or "utf-8", "utf-8"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return data.decode("latin-1")


def of_text(words: str) -> Iterator[str]:
    """A text, and what it becomes under each coding that it shows signs of."""
    yield words
    plain = words
    for deeper in _unescaped(words):
        plain = deeper
        yield deeper
    for sign, read in _CODINGS:
        if sign in plain and (other := read(plain)) != plain:
            yield other
            yield from _unescaped(other)
    if long := [*_long_runs(plain)]:
        yield from _runs(long)


def _long_runs(text: str) -> Iterator[str]:
    """Window by window, for memory's sake: most texts are one."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _WINDOW)
        end = end if end >= 0 else len(text)
        marked = text[start:end].encode("ascii", "replace").translate(_AS_ONE)
        at = marked.find(_RUN)
        while at >= 0 and (run := _LONG.match(text, start + at)):
            yield run[0]
            at = marked.find(_RUN, run.end() - start)
        start = end


def shown_in(data: bytes) -> str | None:
    """What a file shows in ASCII, where it has a character that an address needs."""
    if data.isascii():
        return data.decode("ascii")
    if not any(sign in data for sign in _AT):
        return None
    # Other octets around it, of which one may happen to be a letter, must not hide it.
    shown = (run for run in _SHOWN.findall(data) if len(run) > _LONG_RUN or _SIGNED.search(run))
    return b"\n".join(shown).decode("ascii")


def beyond_ascii(data: bytes) -> Iterator[str]:
    """What a file says in UTF-8, or in wide letters."""
    signed = not data.isascii() and any(sign in data for sign in _AT)
    if signed and (words := _decoded(data)) is not None:
        yield words
    yield from wide(data)


def wide(data: bytes) -> Iterator[str]:
    """What octets say in UTF-16, and in the escapes of ISO-2022."""
    wide_ = b"\0" in data and any(_ZEROS in data[offset::2] for offset in (0, 1))
    for run in _WIDE.findall(data) if wide_ else ():
        yield run.replace(b"\0", b"").decode("ascii")
    if b"\x1b(" in data or b"\x1b$" in data:
        yield data.decode("iso2022_jp_ext", "ignore")


def _signed(data: bytes) -> Iterator[str]:
    """The stretches of shown characters around every at sign."""
    shown, end = data.translate(_ONLY_SHOWN), 0
    for sign in _SIGN.finditer(shown):
        if sign.start() >= end:
            start, end = shown.rfind(b"\0", 0, sign.start()) + 1, shown.find(b"\0", sign.start())
            yield shown[start : end if end >= 0 else None].decode("ascii")
            end = len(shown) if end < 0 else end


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _unescaped(words: str) -> Iterator[str]:
    """Percent signs and character references read again and again."""
    for _ in range(_DEEPEST):
        before = words
        words = unquote(words) if "%" in words else words
        words = _REFERENCE.sub(_read, words) if "&" in words else words
        if words == before:
            return
        yield words


def _read(found: re.Match[str]) -> str:
    return _meant(found[0])


@lru_cache(maxsize=4096)  # a page has the same few over and over
def _meant(reference: str) -> str:
    return html.unescape(reference)


def _escapes(words: str) -> str:
    def one(found: re.Match[str]) -> str:
        code = int(found[1] or found[2] or found[3], 16)
        return chr(code) if code < 0x110000 else ""

    return _HEXES.sub(one, words)


def _soft(words: str) -> str:
    return _SOFT.sub(lambda found: chr(int(found[1], 16)) if found[1] else "", words)


def _seven(words: str) -> str:
    if not _SEVEN.search(words):
        return words
    return words.encode("ascii", "ignore").decode("utf-7", "ignore")


_CODINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("<", lambda words: _TAGS.sub("", words)),
    ("=", _soft),
    ("\\", _escapes),
    ("+", _seven),
)


def _runs(runs: list[str]) -> Iterator[str]:
    """What long words say as base64, whole or in pieces, and as hexadecimal: all in one go."""
    pieces = (piece for run in runs for piece in (run, *_PATH.split(run)))
    words = dict.fromkeys(piece for piece in pieces if len(piece) > 11)
    groups = [word.encode("ascii") + b"A" * (-len(word) % 4) for word in words]
    row = b"AAAA" + (b"A" * 8).join(groups).translate(_URL_SAFE) + b"AAAA"
    places = [*accumulate((len(one) // 4 * 3 + 6 for one in groups), initial=0)]
    for offset in range(4):
        found = bytearray(binascii.a2b_base64(row[offset : len(row) - 4 + offset]))
        if b"@" not in found and b"%40" not in found:
            continue
        for place in places:
            found[place : place + 3] = b"\0\0\0"  # what stands before the offset
        data = bytes(found)
        yield "\n".join(_signed(data))
        meanings = data.split(b"\0\0\0")
        if b"\0@\0" in data:
            narrow = [one.replace(b"\0", b"") for one in meanings]  # whole, or a line of it
            yield "\n".join((*_signed(b"".join(narrow)), *_signed(b"\0".join(narrow))))
        for piece in meanings:
            if b"@" in piece and (decoded := _decoded(piece)):
                yield decoded
    for digits in (found for run in runs if "40" in run for found in _DIGITS.findall(run)):
        yield bytes.fromhex(digits).decode("utf-8", "replace")
