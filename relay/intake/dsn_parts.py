"""The top of a message taken apart as far as a delivery report needs it; linear and bounded."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = 256 * 1024  # bytes that are looked at
_DEEPEST = 3  # gateways wrap a report once or twice
_PARTS = 20  # of one multipart
_TEXT = 64 * 1024  # bytes of one part that are looked at
_VALUE = 2000  # characters of one field
_BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One MIME entity. `fields` holds the first of each name, in lower case, cut in length."""

    fields: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The content type in lower case, without its parameters."""
        return self.fields.get("content-type", "text/plain").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The decoded body, whatever its charset: little more than ASCII is looked for."""
        return _decoded(self.body[:_TEXT], self.fields).decode(errors="replace")


def leaves(raw: bytes) -> tuple[Part, tuple[Part, ...]]:
    """The message itself, and its parts that are no multiparts; a message inside stays closed."""
    top = _part(raw[:LARGEST].replace(b"\r\n", b"\n"))
    return top, tuple(_leaves(top, 0))


def _leaves(part: Part, depth: int) -> Iterator[Part]:
    found = _BOUNDARY.search(part.fields.get("content-type", ""))
    if not (part.kind.startswith("multipart/") and found and depth < _DEEPEST):
        yield part
        return
    mark = re.escape((found[1] or found[2]).encode("latin-1", "replace"))
    pieces = re.split(
        rb"\n--" + mark + rb"(?:--)?[ \t]*(?=\n|\Z)", b"\n" + part.body, maxsplit=_PARTS + 1
    )
    for piece in pieces[1 : _PARTS + 1]:
        yield from _leaves(_part(piece.removeprefix(b"\n")), depth + 1)


def _part(entity: bytes) -> Part:
    if entity.startswith(b"\n"):
        return Part({}, entity[1:])
    head, _, body = entity.partition(b"\n\n")
    fields: dict[str, str] = {}
    for line in re.split(rb"\n(?![ \t])", head):
        name, colon, value = line.partition(b":")
        if colon:
            text = " ".join(value[:_VALUE].decode("latin-1").split())
            fields.setdefault(name.strip().lower().decode("latin-1"), text)
    return Part(fields, body)


def _decoded(body: bytes, fields: dict[str, str]) -> bytes:
    encoding = fields.get("content-transfer-encoding", "").lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
        return binascii.a2b_base64(letters[: len(letters) // 4 * 4])
    return body
