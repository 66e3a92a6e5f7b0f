"""The message that is made for the reader: a new tree, and how it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from itertools import count

from relay.masking import parameters, transfer


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part with content. `text` is set for what a person reads, `content` for a file."""

    type: str
    parameters: tuple[tuple[str, str], ...] = ()
    text: str | None = None
    content: bytes = b""
    disposition: str = ""  # inline or attachment, or nothing for the text itself
    filename: str = ""
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A multipart with at least two parts."""

    subtype: str
    parts: tuple[Node, ...]


Node = Leaf | Branch


@dataclass(frozen=True)
class Seed:
    """New names for boundaries and parts, made from a Message-ID that nobody could guess."""

    message_id: str
    domain: str
    _boundaries: Iterator[int] = field(default_factory=count)
    _parts: Iterator[int] = field(default_factory=count)

    def _word(self, use: str, number: int) -> str:
        return sha256(f"{use}/{number}/{self.message_id}".encode()).hexdigest()[:24]

    def boundary(self) -> str:
        # RFC 2045 section 6.7: "=_" can stand in no quoted-printable or base64 body.
        return f"=_{self._word('boundary', next(self._boundaries))}"

    def content_id(self) -> str:
        return f"{self._word('part', next(self._parts))}@{self.domain}"


def branch(subtype: str, parts: list[Node]) -> Node | None:
    """The parts under one roof; a single part needs none."""
    if len(parts) > 1:
        return Branch(subtype, tuple(parts))
    return parts[0] if parts else None


def written(node: Node, seed: Seed) -> Iterator[bytes]:
    """The MIME fields, an empty line and the body, with CRLF line ends, as pieces to be joined."""
    if isinstance(node, Leaf):
        yield from _leaf(node)
        return
    boundary = seed.boundary()
    start = f'Content-Type: multipart/{node.subtype};\r\n boundary="{boundary}"\r\n'
    yield start.encode()
    for part in node.parts:
        yield f"\r\n--{boundary}\r\n".encode()
        yield from written(part, seed)
    yield f"\r\n--{boundary}--\r\n".encode()


def joined(pieces: Iterable[bytes]) -> bytes:
    """All of them, none of which is held for longer than it takes to copy it."""
    whole = BytesIO()
    whole.writelines(pieces)
    return whole.getvalue()


def _leaf(leaf: Leaf) -> Iterator[bytes]:
    given = dict(leaf.parameters)
    if leaf.text is not None:
        given["charset"] = "utf-8"
    encoding, body = _coded(leaf)
    if leaf.filename:
        given["name"] = leaf.filename
    shown = "".join(parameters.written(name, value) for name, value in given.items())
    lines = [f"Content-Type: {leaf.type}{shown}", f"Content-Transfer-Encoding: {encoding}"]
    if leaf.disposition:
        named = parameters.written("filename", leaf.filename) if leaf.filename else ""
        lines.append(f"Content-Disposition: {leaf.disposition}{named}")
    if leaf.content_id:
        lines.append(f"Content-ID: <{leaf.content_id}>")
    yield "\r\n".join([*lines, "", ""]).encode()
    yield from body


def _coded(leaf: Leaf) -> tuple[str, Iterable[bytes]]:
    """The name of an encoding, and the content in it."""
    content = leaf.content if leaf.text is None else leaf.text.encode("utf-8", "replace")
    if leaf.type.startswith("message/"):  # RFC 2046 section 5.2.1: nothing but 7bit and 8bit
        encoding, body = transfer.plain(content)
    elif leaf.text is None:
        return "base64", transfer.in_base64(content)
    else:
        encoding, body = transfer.encoded(content)
    return encoding, (body,)
