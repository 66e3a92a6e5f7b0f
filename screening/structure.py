"""Where a message's MIME parts lie in its bytes (RFC 2046): linear time, bounded depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from screening import decoding, fields
from screening.fields import Field, Unreadable

MAX_DEPTH = 50
MAX_PARTS = 500
MAX_MIME_FIELD = 8 * 1024
MAX_HEADERS = 2 * fields.MAX_HEADER  # of all parts together
MAX_BOUNDARY = 200  # RFC 2046 allows 70
MAX_DELIMITERS = 1000  # lines that begin as a delimiter of one multipart does

MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})

_TYPE = re.compile(r"\s*([^\s;/=\"]{1,80}/[^\s;/=\"]{1,80})\s*(?:;|$)")
_PARAMETER = re.compile(r';\s*([^\s;="]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ENCODINGS = frozenset({"7bit", "8bit", "binary", "base64", "quoted-printable"})


@dataclass(frozen=True, slots=True)
class Part:
    """One entity: raw[start:body] is its header, raw[body:end] its body.

    `enclosed` parts belong to a message that is attached to this one.
    """

    fields: tuple[Field, ...]
    content_type: str  # in lower case; text/plain where none is named (RFC 2045 section 5.2)
    start: int
    body: int
    end: int
    depth: int = 0
    enclosed: bool = False

    @property
    def encoding(self) -> str:
        """Its transfer encoding; `8bit` for one that nobody knows."""
        named = decoding.unfolded(fields.value(self.fields, "content-transfer-encoding")).lower()
        return named if named in _ENCODINGS else "8bit"

    @property
    def multipart(self) -> bool:
        return self.content_type.startswith("multipart/")

    def parameter(self, name: str) -> str:
        """A parameter of its content type, unquoted; empty if it is not there."""
        field = decoding.unfolded(fields.value(self.fields, "content-type"))
        return parameters(field).get(name, "")


def parameters(text: str) -> dict[str, str]:
    """A MIME field's parameters by lower-case name, the first of each (RFC 2045 section 5.1)."""
    found: dict[str, str] = {}
    for name, value in _PARAMETER.findall(text):
        quoted = value.startswith('"') and value.endswith('"') and len(value) > 1
        bare = _ESCAPED.sub(r"\1", value[1:-1]) if quoted else value.strip()
        found.setdefault(name.lower(), bare)
    return found


def parts(raw: bytes) -> tuple[Part, ...]:
    """Every part of a message in order, the whole of it first.

    Raises Unreadable for what fields.header refuses, beyond MAX_PARTS parts or MAX_DEPTH levels,
    and for a multipart that names no usable boundary.
    """
    found: list[Part] = []
    top, body = fields.header(raw)
    waiting = [_part(top, 0, body, len(raw))]
    headers = 0
    while waiting:
        part = waiting.pop()
        children = tuple(_children(raw, part))
        # Mail programs show a multipart in which nothing is a part as if it were text.
        hollow = part.multipart and not children
        found.append(replace(part, content_type="text/plain") if hollow else part)
        headers += part.body - part.start
        if part.depth > MAX_DEPTH:
            raise Unreadable(f"its parts are nested more than {MAX_DEPTH} levels deep")
        waiting.extend(reversed(children))
        if len(found) + len(waiting) > MAX_PARTS:
            raise Unreadable(f"it has more than {MAX_PARTS} parts")
        if headers > MAX_HEADERS:
            raise Unreadable("the headers of its parts are too large")
    return tuple(found)


def leaves(found: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts that hold content of this message: an attached message is one."""
    return tuple(part for part in found if not part.multipart and not part.enclosed)


def _part(
    own: tuple[Field, ...], start: int, body: int, end: int, parent: Part | None = None
) -> Part:
    enclosed = parent is not None and (parent.enclosed or parent.content_type in MESSAGES)
    if parent is not None and not enclosed:  # the top has been looked at
        fields.once(own)
    if any(len(f.raw) > MAX_MIME_FIELD for f in own if f.name.startswith("content-")):
        raise Unreadable("a field that describes its content is too long")
    digest = parent is not None and parent.content_type == "multipart/digest"
    default = "message/rfc822" if digest else "text/plain"
    named = _TYPE.match(decoding.unfolded(fields.value(own, "content-type")))
    return Part(
        own,
        named[1].lower() if named else default,
        start,
        body,
        end,
        parent.depth + 1 if parent else 0,
        enclosed,
    )


def _children(raw: bytes, part: Part) -> Iterator[Part]:
    if part.multipart:
        spans = _sections(raw, part)
    elif part.content_type in MESSAGES and part.encoding not in ("base64", "quoted-printable"):
        spans = iter(((part.body, part.end),))
    else:
        return
    for start, end in spans:
        own, body = fields.split(raw, start, end, strict=False)
        yield _part(own, start, body, end, part)


def _sections(raw: bytes, part: Part) -> Iterator[tuple[int, int]]:
    """The spans between a multipart's delimiter lines (RFC 2046 section 5.1.1)."""
    boundary = part.parameter("boundary").rstrip()
    if not boundary or len(boundary) > MAX_BOUNDARY:
        if part.enclosed:
            return
        raise Unreadable("it is a multipart message that does not say what separates its parts")
    opened = -1
    for at, after, last in _delimiters(raw, part, boundary.encode("utf-8", "replace")):
        if opened >= 0:
            yield opened, max(opened, at)
        if last:
            return
        opened = after
    if opened >= 0:
        yield opened, part.end


def _delimiters(raw: bytes, part: Part, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each delimiter begins (with the CRLF before it) and ends, and whether it closes."""
    mark, seen = b"\r\n--" + boundary, 0
    # The first may stand at the very start of the body; the CRLF before it is the header's.
    at = raw.find(mark, max(0, part.body - 2), part.end)
    while at >= 0:
        seen += 1
        if seen > MAX_DELIMITERS:
            raise Unreadable("too many of its lines look like the start of a part")
        line = raw.find(b"\r\n", at + 2, part.end)
        line = part.end if line < 0 else line
        rest = raw[at + len(mark) : min(line, at + len(mark) + 100)].rstrip(b" \t")
        if rest in (b"", b"--"):
            yield at, min(line + 2, part.end), rest == b"--"
        at = raw.find(mark, line, part.end)
