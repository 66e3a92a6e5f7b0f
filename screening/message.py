"""One incoming message, as a reader sees it: envelope, header fields, text, attachments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from screening import addresses, attached, bodies, decoding, fields, readable, structure
from screening.addresses import Mailbox
from screening.fields import Unreadable

__all__ = ["Attachment", "Envelope", "Message", "Unreadable", "read"]


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
    # The values of each field by its name in lower case; rules ask for some dozens.
    by_name: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[str, tuple[str, ...]] = {}
        for name, value in self.headers:
            key = name.lower()
            found[key] = (*found.get(key, ()), value)
        object.__setattr__(self, "by_name", found)

    def header(self, name: str, default: str = "") -> str:
        """The first field of that name, whatever its case."""
        found = self.by_name.get(name.lower())
        return found[0] if found else default

    def all(self, name: str) -> tuple[str, ...]:
        """Every field of that name, in order."""
        return self.by_name.get(name.lower(), ())


def read(raw: bytes) -> Message:
    """The view of a message as it came over SMTP, with CRLF line ends.

    Raises Unreadable, whose text completes "The message cannot be read: ...". Costs at most some
    tenths of a second and a few times the message's size in memory, whatever the input.
    """
    found = structure.parts(raw)
    top, leaves = found[0], structure.leaves(found)
    author, names = _author(top), attached.names(leaves)
    plain, html = _texts(raw, leaves, names)
    return Message(
        author=author,
        headers=tuple((field.original, _shown(field.value)) for field in top.fields),
        text=plain or readable.text_of(html),
        html=html,
        attachments=tuple(_attachment(raw, leaves[at], name) for at, name in names.items()),
        content_type=top.content_type,
        size=len(raw),
    )


def _texts(
    raw: bytes, leaves: tuple[structure.Part, ...], names: Mapping[int, str]
) -> tuple[str, str]:
    """The plain text and the HTML, each of all parts that are shown as the message's text."""
    found: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    left = bodies.MAX_TEXT
    for number, part in enumerate(leaves):
        if not bodies.readable(part):
            continue
        if number not in names or attached.inline(part):
            found[part.content_type].append(bodies.text(raw, part, left))
        left -= min(left, part.end - part.body)
    plain, html = ("\n".join(filter(None, texts)).strip("\n") for texts in found.values())
    return plain, html


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


def _attachment(raw: bytes, part: structure.Part, name: str) -> Attachment:
    return Attachment(name, part.content_type, bodies.size(raw, part), bodies.head(raw, part))
