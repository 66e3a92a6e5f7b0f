"""A small, harmless copy of a message for the parser: texts decoded, attachments empty."""

from __future__ import annotations

import base64
import binascii
import quopri
import re

from screening import decoding, fields
from screening.structure import Part

MAX_TEXT = 256 * 1024  # bytes of all text bodies together that are read
STEP = (
    1000  # characters; the parser normalises text, which is quadratic in a run of combining marks
)
PEG = "\ue000"  # stands after every STEP characters of the copy, and ends every such run
HEAD = 4096  # bytes of an attachment that rules may look at

_NAME = re.compile(
    r';\s*((?:file)?name(?:\*\d{0,3})?\*?)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)',
    re.IGNORECASE | re.DOTALL,
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def copy(raw: bytes, found: tuple[Part, ...], leaves: tuple[Part, ...]) -> bytes:
    """The same tree with the same names and types, all text in UTF-8 and every other body empty.

    A leaf's Content-ID is its number among `leaves`.
    """
    left = MAX_TEXT
    numbers = {id(leaf): number for number, leaf in enumerate(leaves)}
    written: list[bytes] = []
    open_: list[tuple[int, bytes]] = []  # depth and boundary of the multiparts we are in
    for part in found:
        if part.enclosed:
            continue
        while open_ and open_[-1][0] >= part.depth:
            written.append(b"--" + open_.pop()[1] + b"--\r\n")
        if open_:
            written.append(b"--" + open_[-1][1] + b"\r\n")
        if part.multipart:
            boundary = b"part-%d" % len(written)
            open_.append((part.depth, boundary))
            kind = part.content_type.encode("utf-8", "replace")
            written.append(b'Content-Type: %s; boundary="%s"\r\n\r\n' % (kind, boundary))
            continue
        body = b""
        if readable(part):
            body = text(raw, part, left)
            left -= min(left, part.end - part.body)
        written.append(_head(part, numbers[id(part)]) + body + b"\r\n")
    written += (b"--" + boundary + b"--\r\n" for _, boundary in reversed(open_))
    return b"".join(written)


def readable(part: Part) -> bool:
    """Whether it is a kind of text that mail programs show."""
    return part.content_type in ("text/plain", "text/html")


def text(raw: bytes, part: Part, limit: int) -> bytes:
    """At most `limit` bytes of a text body as UTF-8 with CRLF, pegged."""
    shown = decoding.decode(decoded(raw, part, limit), part.parameter("charset"))
    if not shown.isascii():
        shown = PEG.join(shown[at : at + STEP] for at in range(0, len(shown), STEP))
    return _LINE_END.sub("\r\n", shown).encode("utf-8")


def decoded(raw: bytes, part: Part, limit: int) -> bytes:
    """The content of a body, read from at most `limit` bytes of it."""
    body = raw[part.body : min(part.end, part.body + limit)]
    if part.encoding == "base64":
        clean = _NOT_BASE64.sub(b"", body.partition(b"=")[0])
        clean = clean[:-1] if len(clean) % 4 == 1 else clean
        try:
            return base64.b64decode(clean + b"=" * (-len(clean) % 4))
        except (binascii.Error, ValueError):
            return body
    return quopri.decodestring(body) if part.encoding == "quoted-printable" else body


def size(raw: bytes, part: Part) -> int:
    """About how many bytes the decoded content has."""
    length = part.end - part.body
    if part.encoding != "base64":
        return length
    length -= 2 * raw.count(b"\r\n", part.body, part.end)
    tail = raw[max(part.body, part.end - 8) : part.end]
    return max(0, length * 3 // 4 - tail.count(b"="))


def _head(part: Part, number: int) -> bytes:
    shown = part.content_type
    if readable(part):
        shown += "; charset=utf-8"
    elif shown.startswith("message/"):
        shown = "application/octet-stream"  # the parser would go on inside
    kind = decoding.unfolded(fields.value(part.fields, "content-type"))
    lines = [
        f"Content-Type: {shown}{_names(kind)}",
        "Content-Transfer-Encoding: 8bit",
        f"Content-ID: {number}",
    ]
    if value := decoding.unfolded(fields.value(part.fields, "content-disposition")):
        disposition = "inline" if value.lower().startswith("inline") else "attachment"
        lines.append(f"Content-Disposition: {disposition}{_names(value)}")
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n"


def _names(value: str) -> str:
    """The parameters that name a file, as written. No other may reach the parser."""
    return "".join(f"; {name}={given}" for name, given in _NAME.findall(value))
