"""Which parts of a message are files, and under which names: the only door to mail-parser."""

from __future__ import annotations

import logging
import re
from email.errors import MessageError

import mailparser
from mailparser.exceptions import MailParserError

from screening import bodies, decoding, fields
from screening.fields import Unreadable
from screening.structure import Part

# It logs file names and fields that it cannot decode.
logging.getLogger("mailparser").setLevel(logging.CRITICAL)

# What mail-parser is known to raise on odd input.
_BROKEN = (MailParserError, MessageError, ValueError, LookupError, TypeError, AttributeError)

_LONGEST = 255  # characters of a name
_NAME = re.compile(
    r';\s*((?:file)?name(?:\*\d{0,3})?\*?)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)',
    re.IGNORECASE | re.DOTALL,
)


def names(leaves: tuple[Part, ...]) -> dict[int, str]:
    """The clean name, or "", of each leaf that is a file, by its number among the leaves.

    Raises Unreadable for names that no two programs would read alike.
    """
    doubtful = [number for number, leaf in enumerate(leaves) if not _only_text(leaf)]
    if not doubtful:
        return {}
    heads = b"".join(b"--part\r\n" + _head(leaves[number], number) for number in doubtful)
    copy = b'Content-Type: multipart/mixed; boundary="part"\r\n\r\n' + heads + b"--part--\r\n"
    try:
        seen = mailparser.parse_from_bytes(copy).attachments
    except _BROKEN as error:
        raise Unreadable("its parts do not fit together") from error
    return {int(one["content-id"]): _shown(one["filename"], one["content-id"]) for one in seen}


def inline(part: Part) -> bool:
    """Whether it is to be shown where it stands, though it may have a name."""
    return _disposition(part).lower().startswith("inline")


def _only_text(part: Part) -> bool:
    """Whether a part is text that nobody could take for a file: most are, and the parser, which
    takes as long as all other reading, has no say in them."""
    if not bodies.readable(part) or fields.value(part.fields, "content-disposition"):
        return False
    return b"name" not in fields.value(part.fields, "content-type").lower()


def _head(part: Part, number: int) -> bytes:
    """What the parser needs to name a part, and no more: its body stays here."""
    shown = part.content_type
    if shown.startswith("message/"):
        shown = "application/octet-stream"  # the parser would go on inside
    kind = decoding.unfolded(fields.value(part.fields, "content-type"))
    lines = [f"Content-Type: {shown}{_parameters(kind)}", f"Content-ID: {number}"]
    if value := _disposition(part):
        disposition = "inline" if inline(part) else "attachment"
        lines.append(f"Content-Disposition: {disposition}{_parameters(value)}")
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n\r\n"


def _disposition(part: Part) -> str:
    return decoding.unfolded(fields.value(part.fields, "content-disposition"))


def _parameters(value: str) -> str:
    """The parameters that name a file, as written. No other may reach the parser."""
    return "".join(f"; {name}={given}" for name, given in _NAME.findall(value))


def _shown(name: str, number: str) -> str:
    """The parser names a file that has no name by its Content-ID."""
    return "" if name == number else decoding.clean(name)[:_LONGEST]
