"""Content-Transfer-Encoding (RFC 2045 section 6), read leniently and written strictly."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_SOFT = re.compile(rb"[ \t]+(\r?\n)")
_BLANK_ENDS = (b" \r", b" \n", b"\t\r", b"\t\n")
_LINE = 76  # characters of base64
_BLOCK = 57 << 12  # octets that are whole lines
_LONGEST_LINE = 990  # octets, RFC 5322 section 2.1.1


def decode(body: bytes | memoryview, encoding: str) -> bytes:
    """The content of a body; what is no encoding we know is taken as it is."""
    coding = encoding.strip().strip('"').lower()
    if coding == "base64":
        return _base64(body)
    body = bytes(body)
    match coding:
        case "quoted-printable":
            blank = any(end in body for end in _BLANK_ENDS)
            return binascii.a2b_qp(_SOFT.sub(rb"\1", body) if blank else body)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return uuencoded(body)
    return body


def _base64(body: bytes | memoryview) -> bytes:
    try:
        return base64.b64decode(body)
    except binascii.Error:
        text = _NOT_BASE64.sub(b"", body)
        text = text[:-1] if len(text) % 4 == 1 else text
        return base64.b64decode(text + b"=" * (-len(text) % 4))


def uuencoded(body: bytes) -> bytes:
    """The bytes of a uuencoded block; lines that are none are passed over."""
    found = []
    for line in body.splitlines():
        if not line.startswith((b"begin ", b"end", b"`")):
            try:
                found.append(binascii.a2b_uu(line))
            except binascii.Error:
                continue
    return b"".join(found)


def encoded(content: bytes) -> tuple[str, bytes]:
    """The name of a fitting encoding for a text, and the text in it, with CRLF and short lines."""
    body = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    short = max(map(len, body.split(b"\n"))) < _LONGEST_LINE
    if short and body.isascii() and b"\nFrom " not in body:
        return "7bit", body.replace(b"\n", b"\r\n")
    foreign = len(body) - len(body.decode("utf-8", "ignore").encode("ascii", "ignore"))
    if foreign * 3 > len(body):
        return "base64", b"".join(in_base64(body.replace(b"\n", b"\r\n")))
    return "quoted-printable", _quoted_printable(body)


def in_base64(content: bytes) -> Iterator[bytes]:
    """The lines of any content, block by block: those of one are many objects."""
    for start in range(0, len(content), _BLOCK):
        coded = binascii.b2a_base64(content[start : start + _BLOCK], newline=False)
        lines = [coded[at : at + _LINE] for at in range(0, len(coded), _LINE)]
        yield b"\r\n".join([*lines, b""])


def plain(content: bytes) -> tuple[str, bytes]:
    """The same for what must not be encoded."""
    body = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return "7bit" if body.isascii() else "8bit", body


def _quoted_printable(body: bytes) -> bytes:
    coded = binascii.b2a_qp(body, quotetabs=False, istext=True)
    # A line that a mailbox file would change, or that SMTP would take for the end.
    coded = coded.replace(b"\nFrom ", b"\n=46rom ").replace(b"\n.\n", b"\n=2E\n")
    return coded.replace(b"\n", b"\r\n")
