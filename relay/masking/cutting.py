"""The parts of a message as the gate cuts them: by plain searches, where it is written strictly.

Every masked message is. The standard parser, which reads all others, goes through each line: that
takes 10 ms and ten megabytes of memory for each megabyte.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

_HEAD = re.compile(rb"(?:[!-9;-~]+:[^\r\n]*+\r?\n(?:[ \t][^\r\n]*+\r?\n)*+)*+\r?\n")
_FIELD = re.compile(r"([!-9;-~]+):[ \t]*([^\n]*+(?:\n[ \t][^\n]*+)*+)")
_PARTED = re.compile(
    r"multipart/(?!digest)[a-z]+;\s+boundary=(?:\"([^\s\"\\]+)\"|([^\s\"\\;]+))", re.I
)
_TOLD_APART = ("multipart", "message")
_MESSAGES = ("message/rfc822", "message/global")
_ENDS = (b"\r\n", b"\n")


class _OddError(Exception):
    """It is not written as we would write it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part or a message: its fields, what it holds if it holds no parts, and what stands beside
    the parts if it does."""

    head: Message
    leaf: bool
    body: memoryview | None = None  # as it was sent; None where the head knows it
    beside: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether it is a text that a person reads, not a file."""
        if self.head.get_content_maintype() != "text":
            return False
        named = (self.head.get(name, "") for name in ("Content-Type", "Content-Disposition"))
        return not (any("name" in str(one).lower() for one in named) and self.head.get_filename())

    def content(self) -> bytes:
        """The body without its transfer encoding."""
        if self.body is None:
            return _decoded(self.head)
        coding = str(self.head.get("Content-Transfer-Encoding", "7bit")).strip().lower()
        if coding in ("7bit", "8bit", "binary"):
            return bytes(self.body)
        if coding == "quoted-printable":
            return binascii.a2b_qp(self.body)
        if coding == "base64":
            with suppress(binascii.Error):  # which the parser knows how to forgive
                return binascii.a2b_base64(self.body)
        self.head.set_payload(bytes(self.body).decode("ascii", "surrogateescape"))
        return _decoded(self.head)


def parts(content: bytes) -> list[Part] | None:
    """All parts of a message, those that hold others before them; None if that goes too deep."""
    try:
        try:
            return list(_strictly(content, 0, len(content)))
        except _OddError:
            return [_parsed(part) for part in message_from_bytes(content).walk()]
    except RecursionError:
        return None


def _parsed(part: Message) -> Part:
    beside = (
        one.encode("utf-8", "surrogateescape") for one in (part.preamble, part.epilogue) if one
    )
    return Part(part, not part.is_multipart(), None, tuple(map(_shown, beside)))


def _decoded(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _strictly(content: bytes, start: int, end: int) -> Iterator[Part]:
    """The parts of content[start:end]. Raises _OddError where the parser may see others."""
    found = _HEAD.match(content, start, end)
    if not found:
        raise _OddError
    head, body = Message(), found.end()
    for name, value in _FIELD.findall(_shown(content[start:body])):
        head.set_raw(name, value.rstrip("\r\n"))
    kinds = head.get_all("Content-Type", [""])
    kind = str(kinds[0]).partition(";")[0].strip().lower()
    if not any(word in kind for word in _TOLD_APART):
        yield Part(head, True, memoryview(content)[body:end])
    elif len(kinds) == 1 and kind in _MESSAGES:
        yield Part(head, False)
        yield from _strictly(content, body, end)
    elif len(kinds) == 1 and (parted := _PARTED.fullmatch(str(kinds[0]))):
        boundary = (parted[1] or parted[2]).encode("utf-8", "surrogateescape")
        before, inner, behind = _between(content, body, end, b"--" + boundary)
        yield Part(head, False, None, (before, behind))
        for one in inner:
            yield from _strictly(content, *one)
    else:
        raise _OddError


def _between(
    content: bytes, start: int, end: int, mark: bytes
) -> tuple[str, list[tuple[int, int]], str]:
    """What stands before the first boundary, the parts, and what stands behind the last."""
    places, begin = [], start
    while (at := content.find(mark, begin, end)) >= 0:
        after = at + len(mark)
        closed = content[after : after + 2] == b"--"
        line = _line_end(content, after + 2 * closed, end)
        if not (at == start or content[at - 1 : at] == b"\n") or line is None:
            raise _OddError
        places.append((begin, max(start, at - 1 - (content[at - 2 : at - 1] == b"\r"))))
        begin = line
        if closed:
            before, *inner = places
            if not inner or any(one[0] > one[1] for one in inner):
                break
            return _shown(content[slice(*before)]), inner, _shown(content[begin:end])
    raise _OddError


def _line_end(content: bytes, at: int, end: int) -> int | None:
    """Where the next line begins, if this one has nothing but its end."""
    if at >= end:
        return end
    return next((at + len(one) for one in _ENDS if content.startswith(one, at, end)), None)


def _shown(data: bytes) -> str:
    """UTF-8, or ASCII with surrogates for what is none, as the parser has it."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("ascii", "surrogateescape")
