"""The mails that the relay writes by itself.

Each has a null reverse path and Auto-Submitted (RFC 3834 section 5), and goes only to somebody
whose address was proven; the callers see to the latter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from relay import writing
from relay.masking.addresses import Desk, Plan
from screening.addresses import Mailbox
from storage.mint import Mint
from storage.records.mail import Outgoing, OutgoingKind
from storage.records.people import Side
from templates.render import Templates

# What a mail program made; of anything else we do not know what it would do to our own.
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")


@dataclass(frozen=True, slots=True)
class House:
    """What every mail of ours says about the company, and the words it is said in."""

    plan: Plan
    company: str
    language: str
    templates: Templates


@dataclass(frozen=True, slots=True)
class Pen:
    """What it takes to write at a given moment: the house, the time, and fresh ids."""

    house: House
    now: datetime
    mint: Mint


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads a notice, and in which thread it stands.

    `answers_to` is where an answer goes (by default the desk); `refers_to` a Message-ID that their
    mail program knows, so that the notice stands beside what it is about.
    """

    address: str
    language: str = ""
    to: Side | None = None
    thread_id: str | None = None
    ambassador_id: str | None = None
    answers_to: Mailbox | None = None
    refers_to: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Which template, with what facts, as what kind of mail; `calendar` is an invitation to add,
    `attachment` a file."""

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)
    kind: OutgoingKind = OutgoingKind.NOTICE
    calendar: str = ""
    attachment: writing.Attachment | None = None


def write(pen: Pen, notice: Notice, recipient: Recipient) -> Outgoing:
    """The notice as mail, ready for the outbox. Pure: the same arguments give the same bytes."""
    house, now, mint = pen.house, pen.now, pen.mint
    desk = house.plan.write(Desk())
    facts = {
        "company": house.company,
        "domain": house.plan.domain,
        "desk": desk,
        **notice.facts,
    }
    language = recipient.language or house.language
    rendered = house.templates.render(notice.template, language, facts)
    author = recipient.answers_to or Mailbox(desk, house.company)
    fields = [
        writing.mailbox("From", author),
        writing.mailbox("To", Mailbox(recipient.address)),
        writing.words("Subject", rendered.subject),
        f"Date: {format_datetime(now)}",
        f"Message-ID: <{mint.token()}@{house.plan.domain}>",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
    ]
    if _MESSAGE_ID.fullmatch(recipient.refers_to):
        fields += [f"{name}: {recipient.refers_to}" for name in ("In-Reply-To", "References")]
    boundary = f"=_{mint.token()}"
    return Outgoing(
        id=mint.id(now),
        kind=notice.kind,
        recipient=recipient.address,
        content=writing.mail(
            fields, rendered.text, rendered.html, boundary, notice.calendar, notice.attachment
        ),
        created_at=now,
        to=recipient.to,
        thread_id=recipient.thread_id,
        ambassador_id=recipient.ambassador_id,
        smtputf8=not recipient.address.isascii(),
    )
