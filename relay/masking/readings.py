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

from relay.masking.octets import ONLY_SHOWN, decoded

BETWEEN = "\n\0\n"  # nothing is found across it
_TAGS = re.compile(r"<[^<>]{0,5000}>")
# What a page has in lower case that hides something; each begins with letters, and is found fast.
_HIDES = tuple(
    map(
        re.compile,
        (r"display\s{0,9}:\s{0,9}none", r"font-size\s{0,9}:\s{0,9}0", "hidden", "<r[tp]"),
    )
)
_HIDDEN = re.compile(
    r"<(\w{1,20})\b(?=[^<>]{0,2000}(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden"
    r"|font-size\s{0,9}:\s{0,9}0|\shidden\b))[^<>]{0,2000}>[^<>]{0,2000}</\1\s{0,9}>"
    r"|<r[tp]\b[^<>]{0,200}>[^<>]{0,2000}(?:</r[tp]\s{0,9}>)?",
    re.IGNORECASE,
)
_TURNS = ("\u202e", "<bdo", "bidi-override")
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
_SIGN = re.compile(rb"@[^\0]{3}|%40[^\0]{3}")
_RUN = b"A" * 16  # the shortest, as `_AS_ONE` shows it
_WINDOW = 1 << 16  # characters
_DEEPEST = 3


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


def _signed(data: bytes) -> Iterator[str]:
    """The stretches of shown characters around every at sign."""
    shown, end = data.translate(ONLY_SHOWN), 0
    for sign in _SIGN.finditer(shown):
        if sign.start() >= end:
            start, end = shown.rfind(b"\0", 0, sign.start()) + 1, shown.find(b"\0", sign.start())
            yield shown[start : end if end >= 0 else None].decode("ascii")
            end = len(shown) if end < 0 else end


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


def _untagged(words: str) -> str:
    return _TAGS.sub("", words)


def _shown(words: str) -> str:
    """A page without what it hides, or writes above the line, between the letters of a word."""
    lowered = words.lower()
    hides = any(pattern.search(lowered) for pattern in _HIDES)
    return _untagged(_HIDDEN.sub("", words)) if hides else words


def _turned(words: str) -> str:
    """What is displayed from right to left though its letters are not (Unicode's annex 9)."""
    lowered = words.lower()
    return _untagged(words)[::-1] if any(sign in lowered for sign in _TURNS) else words


_CODINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("<", _untagged),
    ("<", _shown),
    ("<", _turned),
    ("\u202e", _turned),
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
        data = binascii.a2b_base64(row[offset : len(row) - 4 + offset])
        if b"@" not in data and b"%40" not in data:
            continue
        found = bytearray(data)
        for place in places:
            found[place : place + 3] = b"\0\0\0"  # what stands before the offset
        data = bytes(found)
        yield "\n".join(_signed(data))
        meanings = data.split(b"\0\0\0")
        if b"\0@\0" in data:
            narrow = [one.replace(b"\0", b"") for one in meanings]  # whole, or a line of it
            yield "\n".join((*_signed(b"".join(narrow)), *_signed(b"\0".join(narrow))))
        for piece in meanings:
            if b"@" in piece and (utf8 := decoded(piece)):
                yield utf8
    for digits in (found for run in runs if "40" in run for found in _DIGITS.findall(run)):
        yield bytes.fromhex(digits).decode("utf-8", "replace")
