"""One incoming message, as a reader sees it: envelope, header fields, text, attachments."""

from __future__ import annotations

from dataclasses import dataclass

from screening.addresses import Mailbox


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the SMTP session said about a message (RFC 5321). `sender` is empty for the null reverse path."""

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


class Unreadable(Exception):
    """The message breaks a rule that every mail program keeps; the text says which, for a 554."""
