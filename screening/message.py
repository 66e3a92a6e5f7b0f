"""One incoming message, as a reader sees it: envelope, header fields, text, attachments."""

from __future__ import annotations

import logging
import unicodedata
from dataclasses import dataclass, replace
from email.errors import MessageError

import mailparser
from mailparser.exceptions import MailParserError

from screening import addresses, decoding, fields, readable, structure, trimmed
from screening.addresses import Mailbox
from screening.fields import Unreadable

__all__ = ["Attachment", "Envelope", "Message", "Unreadable", "read"]

# It logs file names and fields that it cannot decode.
logging.getLogger("mailparser").setLevel(logging.CRITICAL)

# What mail-parser is known to raise on odd input.
_BROKEN = (MailParserError, MessageError, ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the SMTP session said of a message (RFC 5321). The null reverse path is ""."""

    sender: str
    recipients: tuple[str, ...]
    helo: str
    client: str  # IP address of the SMTP client
    smtputf8: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is no text body. `head` is the first 4 KiB of its decoded content."""

    name: str
    content_type: str
    size: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """The read-only view that screening and routing get.

    `headers` are all top-level fields in order, unfolded and decoded. `text` is the plain text as a
    reader would see it (made from the HTML where there is no plain part), `html` the HTML source.
    """

    author: Mailbox
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    content_type: str = "text/plain"
    size: int = 0

    def header(self, name: str, default: str = "") -> str:
        """The first field of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), default)

    def all(self, name: str) -> tuple[str, ...]:
        """Every field of that name, in order."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


def read(raw: bytes) -> Message:
    """The view of a message as it came over SMTP, with CRLF line ends.

    Raises Unreadable, whose text completes "The message cannot be read: ...". Costs at most some
    tenths of a second and a few times the message's size in memory, whatever the input.
    """
    found = structure.parts(raw)
    top = found[0]
    message = Message(
        author=_author(top),
        headers=tuple((field.original, _shown(field.value)) for field in top.fields),
        text="",
        content_type=top.content_type,
        size=len(raw),
    )
    if len(found) == 1 and _only_text(top):
        return replace(message, text=_joined([_plain(raw, top)]))
    leaves = structure.leaves(found)
    parsed = _parsed(trimmed.copy(raw, found, leaves))
    html = _joined(parsed.text_html)
    return replace(
        message,
        text=_joined(parsed.text_plain) or readable.text_of(html),
        html=html,
        attachments=tuple(_attachment(raw, leaves, one) for one in parsed.attachments),
    )


def _only_text(part: structure.Part) -> bool:
    """Whether a part is plain text that nobody could take for an attachment: most mails are no
    more than that, and the parser, which takes as long as all other reading, has no say in them."""
    if part.content_type != "text/plain" or fields.value(part.fields, "content-disposition"):
        return False
    return b"name" not in fields.value(part.fields, "content-type").lower()


def _plain(raw: bytes, part: structure.Part) -> str:
    """The text as the parser would give it."""
    text = trimmed.text(raw, part, trimmed.MAX_TEXT).decode("utf-8")
    return unicodedata.normalize("NFC", text)


def _parsed(copy: bytes) -> mailparser.MailParser:
    try:
        return mailparser.parse_from_bytes(copy)
    except _BROKEN as error:
        raise Unreadable("its parts do not fit together") from error


def _joined(texts: list[str]) -> str:
    return "\n".join(texts).replace(trimmed.PEG, "").replace("\r\n", "\n").strip("\n")


def _shown(value: bytes) -> str:
    return decoding.words(decoding.unfolded(value))


def _author(top: structure.Part) -> Mailbox:
    """The one From mailbox. Decided once, on the raw bytes, so that no two programs can differ."""
    written = fields.value(top.fields, "from")
    if not written:
        raise Unreadable("it has no From field")
    try:
        return addresses.exactly_one(decoding.unfolded(written))
    except ValueError as error:
        raise Unreadable(f"its From field {error}") from error


def _attachment(raw: bytes, leaves: tuple[structure.Part, ...], seen: dict[str, str]) -> Attachment:
    number = seen["content-id"]
    part = leaves[int(number)]
    name = "" if seen["filename"] == number else decoding.clean(seen["filename"])
    return Attachment(
        name=name[:255],
        content_type=part.content_type,
        size=trimmed.size(raw, part),
        head=trimmed.decoded(raw, part, 2 * trimmed.HEAD)[: trimmed.HEAD],
    )
