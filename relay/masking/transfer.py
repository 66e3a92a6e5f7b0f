"""Content-Transfer-Encoding (RFC 2045 section 6), read leniently and written strictly."""

from __future__ import annotations

import base64
import binascii
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_SOFT = re.compile(rb"[ \t]+(\r?\n)")
_BLANK_ENDS = (b" \r", b" \n", b"\t\r", b"\t\n")
_LINE = 76  # characters of base64
_BLOCK = 57 << 12  # octets that are whole lines
_LONGEST_LINE = 990  # octets, RFC 5322 section 2.1.1


def decode(body: bytes, encoding: str) -> bytes:
    """The content of a body; what is no encoding we know is taken as it is."""
    match encoding.strip().strip('"').lower():
        case "base64":
            return _base64(body)
        case "quoted-printable":
            blank = any(end in body for end in _BLANK_ENDS)
            return binascii.a2b_qp(_SOFT.sub(rb"\1", body) if blank else body)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return uuencoded(body)
    return body


def _base64(body: bytes) -> bytes:
    try:
        return base64.b64decode(body)
    except binascii.Error:
        body = _NOT_BASE64.sub(b"", body)
        body = body[:-1] if len(body) % 4 == 1 else body
        return base64.b64decode(body + b"=" * (-len(body) % 4))


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


def encoded(content: bytes, *, text: bool) -> tuple[str, bytes]:
    """The name of a fitting encoding and the body in it, with CRLF line ends and short lines."""
    if not text:
        return "base64", _lines_of_base64(content)
    body = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    short = max(map(len, body.split(b"\n"))) < _LONGEST_LINE
    if short and body.isascii() and b"\nFrom " not in body:
        return "7bit", body.replace(b"\n", b"\r\n")
    foreign = len(body) - len(body.decode("utf-8", "ignore").encode("ascii", "ignore"))
    if foreign * 3 > len(body):
        return "base64", _lines_of_base64(body.replace(b"\n", b"\r\n"))
    return "quoted-printable", _quoted_printable(body)


def _lines_of_base64(content: bytes) -> bytes:
    """Block by block: the lines of one are many objects."""
    lines: list[bytes] = []
    for start in range(0, len(content), _BLOCK):
        coded = binascii.b2a_base64(content[start : start + _BLOCK], newline=False)
        some = [coded[at : at + _LINE] for at in range(0, len(coded), _LINE)]
        lines.append(b"\r\n".join([*some, b""]))
    return b"".join(lines)


def plain(content: bytes) -> tuple[str, bytes]:
    """The same for what must not be encoded."""
    body = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return "7bit" if body.isascii() else "8bit", body


def _quoted_printable(body: bytes) -> bytes:
    coded = binascii.b2a_qp(body, quotetabs=False, istext=True)
    # A line that a mailbox file would change, or that SMTP would take for the end.
    coded = coded.replace(b"\nFrom ", b"\n=46rom ").replace(b"\n.\n", b"\n=2E\n")
    return coded.replace(b"\n", b"\r\n")
