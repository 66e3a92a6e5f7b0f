"""The MIME tree of a raw message, by flanker's spans, or by the standard library where it refuses.

flanker finds where parts begin and end; it never writes, and its reading of fields is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from functools import cached_property
from typing import Any

from relay.masking import charsets, parameters, transfer
from relay.masking.skeleton import Skeleton, skeleton
from relay.masking.values import Unmaskable
from screening import parsers

MAX_PARTS = 500
MAX_DEPTH = 40
_FOLD = re.compile(r"\r?\n[ \t]+")
_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_NEXT_FIELD = re.compile(rb"\r?\n(?![ \t])")
_BOUNDARY_LINE = re.compile(rb"^--(\S[^\r\n]{0,69})\r?$", re.MULTILINE)
TOO_MANY = (
    "Your message is made of more parts, or of parts nested more deeply, than can be checked. "
    "Please send it again as plain text with a few files."
)


@dataclass(frozen=True)
class Entity:
    """A message or a part: its fields, unfolded and undecoded, and its body as it was sent."""

    fields: tuple[tuple[str, str], ...]
    body: bytes | memoryview = field(repr=False)
    parts: tuple[Entity, ...] = ()
    default: str = "text/plain"  # its type if it names none (RFC 2046 section 5.1.5)

    def get(self, name: str) -> str:
        """The first field of that name, or an empty text."""
        return self._first.get(name.lower(), "")

    @cached_property
    def _first(self) -> dict[str, str]:
        return {key.lower(): value for key, value in reversed(self.fields)}

    @cached_property
    def _type(self) -> tuple[str, dict[str, str]]:
        main, found = parameters.parse(self.get("content-type"))
        return (main if main.count("/") == 1 else self.default), found

    @property
    def content_type(self) -> str:
        return self._type[0]

    @property
    def parameters(self) -> dict[str, str]:
        return self._type[1]

    @cached_property
    def _disposed(self) -> tuple[str, dict[str, str]]:
        return parameters.parse(self.get("content-disposition"))

    @property
    def disposition(self) -> str:
        return self._disposed[0]

    @cached_property
    def filename(self) -> str:
        """What the author calls the file; empty for what is no file."""
        return self._named or self.parameters.get("name", "")

    @cached_property
    def is_text(self) -> bool:
        """Whether a mail program shows it as the text of the message, not as a file.

        A name in Content-Type alone makes no file: old programs name their texts.
        """
        shown = self.disposition != "attachment" and not self._named
        return shown and self.content_type in ("text/plain", "text/html")

    @property
    def _named(self) -> str:
        return self._disposed[1].get("filename", "")

    @cached_property
    def content(self) -> bytes:
        """The body without its transfer encoding."""
        return transfer.decode(self.body, self.get("content-transfer-encoding"))

    def leaves(self) -> Iterator[Entity]:
        """The parts that have none, in order."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def read(raw: bytes) -> Entity:
    """The tree of a raw message. Raises Unmaskable where it is too large to be checked."""
    if not _may_have_parts(raw):
        end, start = _break(raw, 0, len(raw))
        return Entity(tuple(_fields(raw[:end])), memoryview(raw)[start:])
    bones = skeleton(raw)
    if bones.is_crowded(MAX_PARTS):  # no reader is asked before that is known
        raise Unmaskable(TOO_MANY)
    reader = parsers.mime()
    try:
        found = reader.from_string(bones.text.decode("latin-1"))
        tree = _from_flanker(raw, bones, found, 0)
    except Exception:  # noqa: BLE001 flanker raises whatever it trips over; the other reader decides
        tree = _from_stdlib(_parsed(raw), 0)
    if not tree.parts:
        tree = _guessed(tree)
    if sum(1 for _ in tree.leaves()) > MAX_PARTS:
        raise Unmaskable(TOO_MANY)
    return tree


def _guessed(entity: Entity) -> Entity:
    """The parts of a multipart that names no boundary, or a wrong one: the first line like one."""
    found = _BOUNDARY_LINE.search(entity.body)
    if not found or b'"' in found[1] or not entity.content_type.startswith("multipart/"):
        return entity
    head = b'Content-Type: multipart/mixed; boundary="%b"\r\n\r\n' % found[1]
    parts = _from_stdlib(_parsed(head + bytes(entity.body)), 0).parts
    return Entity(entity.fields, b"" if parts else entity.body, parts)


def _may_have_parts(raw: bytes) -> bool:
    return b"multipart/" in raw[: min(_break(raw, 0, len(raw))[0], 1 << 18)].lower()


def _break(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the head of raw[start:end] ends, and where the body begins behind an empty line."""
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return start, raw.index(b"\n", start) + 1
    at, size = raw.find(b"\n\r\n", start, end), 3
    if (other := raw.find(b"\n\n", start, at if at >= 0 else end)) >= 0:
        at, size = other, 2
    if at < 0:
        return end, end
    return at - (raw[at - 1 : at] == b"\r"), at + size


def _parsed(raw: bytes) -> Message:
    try:
        return message_from_bytes(raw)
    except RecursionError as error:
        raise Unmaskable(TOO_MANY) from error


def _fields(head: bytes) -> Iterator[tuple[str, str]]:
    for line in _NEXT_FIELD.split(head):
        found = _FIELD.fullmatch(charsets.decode(line, "utf-8"))
        if found:
            value = found[2]
            yield found[1], (_FOLD.sub(" ", value) if "\n" in value else value).strip()


def _from_flanker(raw: bytes, bones: Skeleton, part: Any, depth: int) -> Entity:
    if depth > MAX_DEPTH:
        raise Unmaskable(TOO_MANY)
    container = part._container
    container._load_headers()
    start, stop = bones.origin(container.start), bones.origin(container.end + 1)
    end, body = _break(raw, start, stop)
    entity = Entity(tuple(_fields(raw[start:end])), memoryview(raw)[body:stop])
    if not part.parts:
        return entity
    default = "message/rfc822" if entity.content_type == "multipart/digest" else "text/plain"
    parts = [_from_flanker(raw, bones, one, depth + 1) for one in part.parts]
    parts = [Entity(p.fields, p.body, p.parts, default) for p in parts]
    return Entity(entity.fields, b"", tuple(parts))


def _from_stdlib(part: Message, depth: int) -> Entity:
    if depth > MAX_DEPTH:
        raise Unmaskable(TOO_MANY)
    fields = tuple((name, _FOLD.sub(" ", str(value)).strip()) for name, value in part.raw_items())
    payload = part.get_payload()
    if part.get_content_maintype() == "multipart" and isinstance(payload, list):
        default = "message/rfc822" if part.get_content_subtype() == "digest" else "text/plain"
        parts = (_from_stdlib(one, depth + 1) for one in payload if isinstance(one, Message))
        return Entity(fields, b"", tuple(Entity(p.fields, p.body, p.parts, default) for p in parts))
    if isinstance(payload, list):  # message/rfc822 and its like: a leaf for us
        body = b"\n".join(_whole(one) for one in payload if isinstance(one, Message))
        return Entity(fields, body)
    return Entity(fields, str(payload or "").encode("utf-8", "surrogateescape"))


def _whole(part: Message) -> bytes:
    try:
        return part.as_bytes()
    except UnicodeError:  # letters that the parser itself put in place of broken ones
        return part.as_string().encode("utf-8", "replace")
