"""The layers in which a text can hide a text, each decoded with a way back to its place.

Percent signs, character references, backslash escapes, quoted-printable, UTF-7, encoded words,
tags between letters, base64 and hexadecimal runs: what a mail program, a browser or a curious
reader would decode. Patterns are bounded and match without backtracking.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from relay.masking import charsets, transfer, words


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
        re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?"),
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
    ("tags", "<", re.compile(r"<[^<>]{0,2000}>"), _nothing),
)
_DEEPEST = 3  # times that sure layers are read upon each other


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text: its layers from the outermost inwards, and the last one's name."""

    text: str
    layers: tuple[Decoded, ...] = ()
    name: str = ""

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The part of the first text that is read as text[start:end]."""
        for layer in reversed(self.layers):
            start, end = layer.origin(start, end)
        return start, end

    def _through(self, layer: _Layer) -> Reading | None:
        name, sign, pattern, read = layer
        if sign not in self.text:
            return None
        found = substituted(self.text, pattern, read)
        return Reading(found.text, (*self.layers, found), name) if found.pieces else None


def readings(text: str) -> Iterator[Reading]:
    """The text itself, then every other way to read it that differs."""
    plain = Reading(text)
    yield plain
    for one in _surely(plain):
        yield one
        plain = one
    for layer in _MAYBE:
        if perhaps := plain._through(layer):
            yield perhaps
            yield from _surely(perhaps)


def _surely(reading: Reading) -> Iterator[Reading]:
    """Each sure layer read upon the last, as long as there is one."""
    for _ in range(_DEEPEST):
        before = reading
        for layer in _SURE:
            if (deeper := reading._through(layer)) is not None:
                reading = deeper
        if reading is before:
            return
        yield reading


# --- runs that are a text of their own -----------------------------------------------------

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}(?:\s{1,4}[A-Za-z0-9+/_-]{20,}={0,2})*")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){8,}")
_UU = re.compile(r"(?m)^begin [0-7]{3,4} [^\n]{1,200}\n((?:[!-`]{1,61}\s{0,3}\n)+)")
_TO_STANDARD = str.maketrans("-_", "+/")
_SHORTEST_RUN = 12
_LONGEST_RUN = 1 << 16  # a longer run is a file, and files have their own readers


def runs(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, meaning) of each run that can be read as base64, hexadecimal or uuencode."""
    if max(map(len, text.split()), default=0) >= _SHORTEST_RUN:
        for found in _BASE64.finditer(text):
            for meaning in _base64(found[0]):
                yield found.start(), found.end(), meaning
    if "40" in text:  # an at sign in hexadecimal
        for found in _HEX.finditer(text):
            digits = re.sub(r"[ :]", "", found[0])[:_LONGEST_RUN]
            data = bytes.fromhex(digits[: len(digits) // 2 * 2])
            yield found.start(), found.end(), data.decode("latin-1")
    if "begin " in text:
        for found in _UU.finditer(text):
            data = transfer.uuencoded(found[1].encode("ascii", "replace"))
            yield found.start(), found.end(), data.decode("latin-1")


def _base64(run: str) -> Iterator[str]:
    """The readings of a run, from each of the places where a group of four can begin."""
    run = "".join(run.split()).rstrip("=").translate(_TO_STANDARD)[:_LONGEST_RUN]
    for offset in range(4):
        part = run[offset:]
        part = part[: len(part) // 4 * 4] if len(part) % 4 == 1 else part
        data = base64.b64decode(part + "=" * (-len(part) % 4))
        text = data.replace(b"\0", b"").decode("latin-1")
        if "@" in text or "%40" in text or "&" in text:
            yield text
