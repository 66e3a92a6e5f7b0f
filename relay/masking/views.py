"""The layers in which a text can hide a text, each decoded with a way back to its place.

Percent signs, character references, backslash escapes, quoted-printable, UTF-7, encoded words,
tags between letters, base64 and hexadecimal runs: what a mail program, a browser or a curious
reader would decode. Patterns are bounded and match without backtracking.
"""

from __future__ import annotations

import binascii
import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote_to_bytes

from relay.masking import charsets, words


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text without escapes; `pieces` are (start, end, start in the source, end there)."""

    text: str
    pieces: tuple[tuple[int, int, int, int], ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The part of the source that became text[start:end]; escapes are taken whole."""
        return self._place(start, last=False), self._place(end - 1, last=True)

    def _place(self, index: int, *, last: bool) -> int:
        number = bisect_right(self.pieces, (index, 1 << 62)) - 1
        if number < 0:
            return index + last
        start, end, source_start, source_end = self.pieces[number]
        if start <= index < end:
            return source_end if last else source_start
        return source_end + index - end + last


def substituted(
    text: str, pattern: re.Pattern[str], read: Callable[[re.Match[str]], str]
) -> Decoded:
    """Each match replaced by what it means."""
    parts, pieces, at, length = [], [], 0, 0
    for found in pattern.finditer(text):
        meaning = read(found)
        if meaning == found[0]:
            continue
        parts += [text[at : found.start()], meaning]
        length += found.start() - at
        pieces.append((length, length + len(meaning), found.start(), found.end()))
        length += len(meaning)
        at = found.end()
    return Decoded("".join([*parts, text[at:]]), tuple(pieces))


def _octets(data: bytes) -> str:
    return charsets.decode(data, "utf-8")


def _code(number: str) -> str:
    value = int(number, 16)
    return chr(value) if value < 0x110000 and not 0xD800 <= value < 0xE000 else ""


def _percent(found: re.Match[str]) -> str:
    return _octets(unquote_to_bytes(found[0]))


def _reference(found: re.Match[str]) -> str:
    return html.unescape(found[0])


def _escape(found: re.Match[str]) -> str:
    return _code(found[found.lastindex or 0].strip())


def _printable(found: re.Match[str]) -> str:
    return _octets(binascii.a2b_qp(found[0]))


def _utf7(found: re.Match[str]) -> str:
    return found[0].encode("ascii").decode("utf-7", "ignore")


def _nothing(_: re.Match[str]) -> str:
    return ""


def _word(found: re.Match[str]) -> str:
    return words.decoded(found[0])


_Read = Callable[[re.Match[str]], str]
_Layer = tuple[str, str, re.Pattern[str], _Read]  # name, what must occur, what to replace, by what

# These mean the same wherever they stand, so they are read one after the other, again and again.
_SURE: tuple[_Layer, ...] = (
    ("percent", "%", re.compile(r"(?:%[0-9a-fA-F]{2})+"), _percent),
    (
        "reference",
        "&",
        re.compile(
            r"&(?:#0{0,40}+[0-9]{1,7}|#[xX]0{0,40}+[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?"
        ),
        _reference,
    ),
    (
        "words",
        "=?",
        re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,4000}\?=(?:\s{1,20}(?==\?))?"),
        _word,
    ),
)
# These may be meant or not (`?to=dana`, `+49`), so each is tried by itself.
_MAYBE: tuple[_Layer, ...] = (
    ("printable", "=", re.compile(r"(?:=[0-9A-Fa-f]{2})+|=[ \t]{0,20}\r?\n"), _printable),
    ("utf-7", "+", re.compile(r"\+[A-Za-z0-9/]{2,400}-?"), _utf7),
    (
        "escape",
        "\\",
        re.compile(
            r"\\u([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]{1,6})\}|\\x([0-9a-fA-F]{2})"
            r"|\\'([0-9a-fA-F]{2})|\\([0-9a-fA-F]{2,6}\s?)"
        ),
        _escape,
    ),
    ("tags", "<", re.compile(r"</?[a-zA-Z!][^<>@]{0,2000}>"), _nothing),
)
_DEEPEST = 3  # times that sure layers are read upon each other


@dataclass(frozen=True)
class Reading:
    """One way to read a text: what it says, and the layer that was read last to get there."""

    text: str
    name: str = ""
    _upon: Reading | None = None
    _layer: _Layer | None = None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The part of the first text that is read as text[start:end]."""
        if self._upon is None or self._layer is None:
            return start, end
        return self._upon.origin(*self._decoded.origin(start, end))

    @cached_property
    def _decoded(self) -> Decoded:
        assert self._upon
        assert self._layer
        return substituted(self._upon.text, *self._layer[2:])

    def through(self, layer: _Layer) -> Reading | None:
        """What it says when one more layer is read; None if it has no such layer."""
        name, sign, pattern, read = layer
        if sign not in self.text:
            return None
        text = pattern.sub(read, self.text)
        return None if text == self.text else Reading(text, name, self, layer)


def readings(text: str) -> Iterator[Reading]:
    """The text itself, then every other way to read it that differs."""
    plain = Reading(text)
    yield plain
    for one in _surely(plain):
        yield one
        plain = one
    for layer in _MAYBE:
        if perhaps := plain.through(layer):
            yield perhaps
            yield from _surely(perhaps)


def quickly(text: str) -> Iterator[Reading]:
    """The text itself, and without its surest layers if an at sign could hide in them."""
    plain = Reading(text)
    yield plain
    if any(sign in text for sign in _AT_SIGNS):
        yield from _surely(plain)


_AT_SIGNS = ("%40", "&#", "&commat;", "%25")


def _surely(reading: Reading) -> Iterator[Reading]:
    """Each sure layer read upon the last, as long as there is one."""
    for _ in range(_DEEPEST):
        before = reading
        for layer in _SURE:
            if (deeper := reading.through(layer)) is not None:
                reading = deeper
        if reading is before:
            return
        yield reading
