"""A message's header as bytes: the gate that everything passes before any parser sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_HEADER = 256 * 1024
MAX_FIELDS = 1000
MAX_HOPS = 100

# RFC 5322 section 3.6 and RFC 2045 section 3 allow each of these once. Two of one kind mean that
# what is verified, what is shown and what is decided upon need not be the same.
SINGLETONS = frozenset(
    {"from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id"}
    | {"in-reply-to", "references", "mime-version", "content-type", "content-transfer-encoding"}
    | {"content-disposition", "content-id"}
)

_FIELD = re.compile(rb"([!-9;-~]+):")
_FOLD = re.compile(rb"\r\n(?![ \t])")


class Unreadable(Exception):
    """The message breaks a rule that every mail program keeps; the text says which, for a 554."""


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: its name in lower case, and all of its bytes without the last CRLF."""

    name: str
    raw: bytes

    @property
    def original(self) -> str:
        """Its name as written."""
        return self.raw[: len(self.name)].decode("ascii")

    @property
    def value(self) -> bytes:
        """What follows the colon, still folded."""
        return self.raw[len(self.name) + 1 :]


def split(
    raw: bytes, start: int = 0, end: int | None = None, *, strict: bool = True
) -> tuple[tuple[Field, ...], int]:
    """The header fields of raw[start:end], and where the body begins.

    Raises Unreadable if the header is too large, and if a line is no header field (RFC 5322
    section 2.2); where not `strict`, the body begins at such a line.
    """
    end = len(raw) if end is None else end
    if raw.startswith(b"\r\n", start, end):
        return (), start + 2
    stop = raw.find(b"\r\n\r\n", start, end)
    stop, body = (end, end) if stop < 0 else (stop, stop + 4)
    if stop - start > MAX_HEADER:
        raise Unreadable(f"its header is larger than {MAX_HEADER // 1024} kB")
    lines = _FOLD.split(raw[start:stop].removesuffix(b"\r\n"))
    if len(lines) > MAX_FIELDS:
        raise Unreadable(f"its header has more than {MAX_FIELDS} fields")
    found: list[Field] = []
    for line in lines:
        named = _FIELD.match(line)
        if named is None and strict and line:
            raise Unreadable("its header has a line that is no header field")
        if named is None:
            return tuple(found), start + sum(len(field.raw) + 2 for field in found)
        found.append(Field(named[1].decode("ascii").lower(), line))
    return tuple(found), body


def header(raw: bytes) -> tuple[tuple[Field, ...], int]:
    """The fields of a whole message and where its body begins, once the message passed the gate.

    Raises Unreadable for bare CR, bare LF and NUL anywhere, and for a header that could mean
    different things to different programs.
    """
    ends = raw.count(b"\r\n")
    if raw.count(b"\r") != ends or raw.count(b"\n") != ends:
        raise Unreadable("it has a line that does not end in CRLF")
    if b"\0" in raw:
        raise Unreadable("it has a NUL byte")
    fields, body = split(raw)
    once(fields)
    if [field.name for field in fields].count("received") > MAX_HOPS:
        raise Unreadable(f"it has passed through more than {MAX_HOPS} servers: this is a loop")
    return fields, body


def once(fields: tuple[Field, ...]) -> None:
    """Raises Unreadable if a field that may stand once stands twice."""
    names = [field.name for field in fields if field.name in SINGLETONS]
    if len(names) > len(set(names)):
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"it has more than one {twice.title()} field")


def value(fields: tuple[Field, ...], name: str) -> bytes:
    """The first field of that lower-case name, still folded; empty if there is none."""
    return next((field.value for field in fields if field.name == name), b"")
