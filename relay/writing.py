"""A mail of our own as bytes: header fields, and a body as text and as HTML (RFC 5322, RFC 2045).

Written out by hand: the standard library parses every field that it is given, and takes ten times
as long over it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.header import Header
from email.utils import quote

from screening.addresses import Mailbox

_LINE = 76  # characters; RFC 5322 section 2.1.1 asks for no more than 78
_PLAIN = re.compile(r"[ -~]*")
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text to be attached; its name and kind (`text/html`) are plain ASCII."""

    name: str
    kind: str
    text: str


def mail(
    fields: Iterable[str],
    text: str,
    html: str,
    boundary: str,
    calendar: str = "",
    attachment: Attachment | None = None,
) -> bytes:
    """The whole mail; the fields are those of `words` and `mailbox`, the calendar is a request."""
    head = "".join(f"{line}\r\n" for line in (*fields, "MIME-Version: 1.0"))
    parts = [_part("plain", text, boundary), _part("html", html, boundary)]
    if calendar:
        parts.append(_part("calendar; method=REQUEST", calendar, boundary))
    body = _multipart("alternative", parts, boundary)
    if attachment is not None:
        outer = f"{boundary}-and-more"
        body = _multipart(
            "mixed", [f"--{outer}\r\n".encode() + body, _file(attachment, outer)], outer
        )
    return head.encode() + body


def _multipart(subtype: str, parts: Iterable[bytes], boundary: str) -> bytes:
    """From the field that names the boundary to its end (RFC 2046 section 5.1)."""
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'
    return b"".join((head.encode(), *parts, f"--{boundary}--\r\n".encode()))


def _file(one: Attachment, boundary: str) -> bytes:
    head = (
        f'--{boundary}\r\nContent-Type: {one.kind}; charset="utf-8"\r\n'
        f'Content-Disposition: attachment; filename="{one.name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(one.text.encode()).replace(b"\n", b"\r\n")


def words(name: str, value: str) -> str:
    """A field of plain words, encoded where they are not ASCII (RFC 2047).

    Raises ValueError for a control character, which could end the field.
    """
    _check(value)
    if _PLAIN.fullmatch(value):
        return _folded(f"{name}: {value}")
    return f"{name}: {_encoded(value, name)}"


def mailbox(name: str, one: Mailbox) -> str:
    """A field with one mailbox; an address that is not ASCII stays as it is (RFC 6532)."""
    _check(one.name + one.address)
    if not one.name:
        return f"{name}: {one.address}"
    if _PHRASE.fullmatch(one.name):
        return _folded(f"{name}: {one.name} <{one.address}>")
    if _PLAIN.fullmatch(one.name):
        return _folded(f'{name}: "{quote(one.name)}" <{one.address}>')
    return f"{name}: {_encoded(one.name, name)}\r\n <{one.address}>"


def _check(value: str) -> None:
    if _CONTROL.search(value):
        raise ValueError("a control character in a header field")


def _encoded(value: str, name: str) -> str:
    return Header(value, "utf-8", _LINE, name).encode(linesep="\r\n")


def _folded(line: str) -> str:
    """Broken before the last spaces that keep the lines short, where there are any."""
    lines, least = [], line.find(": ") + 2
    while len(line) > _LINE and (space := line.rfind(" ", least, _LINE)) > 0:
        lines.append(line[:space])
        line, least = line[space:], 1
    return "\r\n".join((*lines, line))


def _part(subtype: str, text: str, boundary: str) -> bytes:
    """One body, in quoted-printable: its lines are short and ASCII whatever stands in them."""
    head = (
        f'--{boundary}\r\nContent-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    # It ends its own lines as the first one ends: there must be one.
    lines = "\r\n".join((*text.splitlines(), ""))
    return head.encode() + binascii.b2a_qp(lines.encode())
