"""What the bodies of parts hold: texts decoded, and of files their size and their beginning."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import unicodedata

from screening import decoding
from screening.structure import Part

MAX_TEXT = 256 * 1024  # bytes of all text bodies together that are read
HEAD = 4096  # bytes of a file that rules may look at

_STEP = 1000  # characters; normalising is quadratic in a run of combining marks
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def readable(part: Part) -> bool:
    """Whether it is a kind of text that mail programs show."""
    return part.content_type in ("text/plain", "text/html")


def text(raw: bytes, part: Part, limit: int) -> str:
    """A text body in NFC, read from at most `limit` bytes of it; its lines end in LF."""
    shown = decoding.decode(decoded(raw, part, limit), part.parameter("charset"))
    shown = shown.replace("\r\n", "\n").replace("\r", "\n")
    if shown.isascii():
        return shown
    pieces = (shown[at : at + _STEP] for at in range(0, len(shown), _STEP))
    return "".join(unicodedata.normalize("NFC", piece) for piece in pieces)


def decoded(raw: bytes, part: Part, limit: int) -> bytes:
    """The content of a body, read from at most `limit` bytes of it."""
    body = raw[part.body : min(part.end, part.body + limit)]
    encoding = part.encoding
    if encoding == "base64":
        clean = _NOT_BASE64.sub(b"", body.partition(b"=")[0])
        clean = clean[:-1] if len(clean) % 4 == 1 else clean
        try:
            return base64.b64decode(clean + b"=" * (-len(clean) % 4))
        except (binascii.Error, ValueError):
            return body
    return quopri.decodestring(body) if encoding == "quoted-printable" else body


def head(raw: bytes, part: Part) -> bytes:
    """The first HEAD bytes of the content."""
    return decoded(raw, part, 2 * HEAD)[:HEAD]


def size(raw: bytes, part: Part) -> int:
    """About how many bytes the decoded content has."""
    length = part.end - part.body
    if part.encoding != "base64":
        return length
    length -= 2 * raw.count(b"\n", part.body, part.end)
    tail = raw[max(part.body, part.end - 8) : part.end]
    return max(0, length * 3 // 4 - tail.count(b"="))
