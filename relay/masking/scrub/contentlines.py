"""The lines of calendars and business cards (RFC 5545 section 3.1, RFC 6350 section 3.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from relay.masking.scrub import writing
from relay.masking.scrub.outcome import DAMAGED, TOO_LARGE, Unscrubbable

_MOST_LINES = 50_000
_WIDTH = 75  # octets before a line is folded
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_HEAD = re.compile(r"(?:[A-Za-z0-9-]{1,80}\.)?([A-Za-z0-9-]{1,80})")
_PARAMETER = re.compile(r';([A-Za-z0-9-]{1,80})(?:=((?:"[^"]*"|[^";:])*))?')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r"[\\;,\n]")


@dataclass(frozen=True, slots=True)
class ContentLine:
    """`NAME;PARAMETER=VALUE:value`, unfolded. `raw` is how it stood in the file, or empty."""

    name: str  # in capitals, without a group
    parameters: tuple[tuple[str, str], ...]
    value: str
    raw: str = ""

    def __str__(self) -> str:
        shown = "".join(f";{key}={value}" if value else f";{key}" for key, value in self.parameters)
        return f"{self.name}{shown}:{self.value}"

    def parameter(self, key: str) -> str:
        """The value of a parameter, without quotation marks."""
        return next((v.strip('"') for k, v in self.parameters if k.upper() == key), "")

    def without(self, keep: Callable[[str, str], bool]) -> ContentLine:
        """The line with those parameters only."""
        kept = tuple(pair for pair in self.parameters if keep(pair[0].upper(), pair[1]))
        return self if kept == self.parameters else replace(self, parameters=kept, raw="")

    def saying(self, value: str) -> ContentLine:
        """The line with another value."""
        return self if value == self.value else replace(self, value=value, raw="")


def edited(content: bytes, edit: Callable[[ContentLine], ContentLine | None]) -> bytes:
    """The file with each line as `edit` returns it, or without it; untouched ones keep their bytes.

    Raises Unscrubbable for what is no such file.
    """
    found = writing.read(content)
    if found is None:
        raise Unscrubbable(DAMAGED)
    kept = []
    for raw in _unfolded(found.text):
        if not raw.strip():
            kept.append(raw)
        elif (line := edit(_parsed(raw))) is not None:
            kept.append(line.raw or _folded(str(line), "\r\n" if "\r\n" in raw else "\n"))
    text = "".join(kept)
    return content if text == found.text else found.bytes(text)


def _unfolded(text: str) -> Iterator[str]:
    """Each logical line with the folds and the line end that it has in the file."""
    pieces: list[str] = []
    for number, line in enumerate(_LINE.finditer(text)):
        if number > _MOST_LINES:
            raise Unscrubbable(TOO_LARGE)
        quoted = bool(pieces) and _is_soft(pieces[-1], pieces[0])
        if pieces and not line[0].startswith((" ", "\t")) and not quoted:
            yield "".join(pieces)
            pieces = []
        pieces.append(line[0])
    yield "".join(pieces)


def _is_soft(line: str, first: str) -> bool:
    """Whether a line of vCard 2.1 or vCalendar 1.0 goes on after an equals sign."""
    return line.rstrip("\r\n").endswith("=") and "QUOTED-PRINTABLE" in first.upper()


def _parsed(raw: str) -> ContentLine:
    text = re.sub(r"(?:\r\n|\r|\n)[ \t]", "", raw).rstrip("\r\n")
    head = _HEAD.match(text)
    if not head:
        raise Unscrubbable(DAMAGED)
    place, parameters = head.end(), []
    while found := _PARAMETER.match(text, place):
        parameters.append((found[1], found[2] or ""))
        place = found.end()
    if text[place : place + 1] != ":":
        raise Unscrubbable(DAMAGED)
    return ContentLine(head[1].upper(), tuple(parameters), text[place + 1 :], raw)


def _folded(text: str, end: str) -> str:
    """A line in pieces of at most 75 octets, none of which cuts a character."""
    pieces, size = [""], 0
    for char in text:
        octets = len(char.encode("utf-8", "replace"))
        if size + octets > _WIDTH:
            pieces.append(" ")
            size = 1
        pieces[-1] += char
        size += octets
    return end.join(pieces) + end


def spoken(value: str) -> str:
    """A text value as a reader sees it."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def written(text: str) -> str:
    """A text as it stands in a value."""
    return _SPECIAL.sub(lambda found: "\\n" if found[0] == "\n" else "\\" + found[0], text)
