"""The header that the reader gets: our fields, and of the author's only what is named here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from relay.masking import words
from relay.masking.cloak import Cloak
from relay.masking.tree import Entity
from relay.masking.values import View
from screening.addresses import Mailbox

# Fields that are carried as they are, cleaned. All others are ours, or go.
CARRIED = ("Importance", "Priority", "Sensitivity", "Content-Language")
TRACE = "Peerpost-Trace"
_REBUILT = frozenset(
    """from to subject date message-id in-reply-to references mime-version reply-to content-type
    content-transfer-encoding content-disposition""".split()  # noqa: SIM905
) | {name.lower() for name in (*CARRIED, TRACE)}
_LONGEST_TRACE = 10
_MOST_IDS = 20
_PLAUSIBLE = timedelta(days=7)  # how far from now a message's own date may lie
_SUBJECT_LIMIT = 2000  # characters
_LONGEST_NAME = 60

_ID = re.compile(r"<[^<>\s]{1,500}>")
_HEX = re.compile(r"\b[0-9a-f]{4,64}\b")
_WORD_VALUE = re.compile(r"[A-Za-z0-9 ,;=_-]{1,60}")
_ADDRESS = re.compile(
    r"[^\s<>,;:\"()\[\]@]{1,128}@[^\s<>,;:\"()\[\]@]{1,255}|\"[^\"\n]{1,80}\"@[^\s<>,;]{1,255}"
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")


def clean(text: str) -> str:
    """One line: without control characters, line separators and direction marks."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def subject(entity: Entity, cloak: Cloak) -> str:
    """The subject, decoded and cleaned, with what must be hidden replaced."""
    return clean(cloak.hidden(clean(words.decoded(entity.get("Subject")))))[:_SUBJECT_LIMIT]


def top(entity: Entity, view: View, cloak: Cloak) -> Iterator[bytes]:
    """The lines of the header, each with its CRLF, but for the MIME fields of the body."""
    yield from (
        field("From", mailbox(view.author)),
        field("Reply-To", mailbox(view.author)),
        field("To", mailbox(view.reader)),
        field("Subject", words.encoded(subject(entity, cloak), len("Subject: "))),
        field("Date", date(entity.get("Date"), view.now)),
        field("Message-ID", view.message_id),
        *_threading(entity, view),
    )
    for name in CARRIED:
        value = clean(entity.get(name))
        if _WORD_VALUE.fullmatch(value):
            yield field(name, value)
    marks = _HEX.findall(" ".join(v for k, v in entity.fields if k.lower() == TRACE.lower()))
    if marks or view.trace:
        yield field(TRACE, " ".join([*marks, *view.trace.split()][-_LONGEST_TRACE:]))
    yield field("MIME-Version", "1.0")


def field(name: str, value: str) -> bytes:
    """One field as it stands in a message; the value is folded already where it is long."""
    return f"{name}: {value}\r\n".encode()


def mailbox(who: Mailbox) -> str:
    """`Name <address>`, RFC 5322 section 3.4; the name in encoded words where it must be."""
    name = clean(who.name)[:_LONGEST_NAME]
    if not name:
        return who.address
    if re.fullmatch(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+", name) and "=?" not in name:
        return f"{name} <{who.address}>"
    if name.isascii() and "=?" not in name:
        return '"' + re.sub(r'(["\\])', r"\\\1", name) + f'" <{who.address}>'
    return f"{words.encoded(name, 12, always=True)}\r\n <{who.address}>"


def date(value: str, now: datetime) -> str:
    """The message's own date in UTC if it can be read and is near, else now."""
    try:
        written = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        written = now
    written = written.replace(tzinfo=UTC) if written.tzinfo is None else written
    try:
        near = abs(written - now) < _PLAUSIBLE
    except OverflowError:
        near = False
    return format_datetime((written if near else now).astimezone(UTC))


def _threading(entity: Entity, view: View) -> Iterator[bytes]:
    """In-Reply-To and References by ids that the reader's program knows."""
    answered = [view.references.get(one) for one in _ID.findall(entity.get("In-Reply-To"))]
    known = [view.references.get(one) for one in _ID.findall(entity.get("References"))]
    parents = [one for one in answered if one]
    before = (one for one in known if one and one not in parents)
    chain = list(dict.fromkeys([*before, *parents]))[-_MOST_IDS:]
    if not chain and view.last_known:
        chain = [view.last_known]
    if chain:
        yield field("In-Reply-To", parents[-1] if parents else chain[-1])
        yield field("References", "\r\n ".join(chain))


def dropped(entity: Entity) -> tuple[str, ...]:
    """The names of the fields that are not carried, in order."""
    names = {name.lower(): name for name, _ in entity.fields if len(name) <= _LONGEST_NAME}
    return tuple(name for low, name in names.items() if low not in _REBUILT)


def outsiders(entity: Entity, view: View) -> tuple[str, ...]:
    """Whom the author wrote to beside the mask: they have seen the author's address."""
    found: dict[str, None] = {}
    for name, value in entity.fields:
        if name.lower() in ("to", "cc"):
            found |= dict.fromkeys(_ADDRESS.findall(words.decoded(value)))
    domain = f"@{view.domain.lower()}"
    own = view.hidden
    return tuple(
        one for one in found if not one.lower().endswith(domain) and not own.addresses_in(one)
    )
