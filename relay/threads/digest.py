"""A digest of held messages: to each who decides on them, once a day at most, in working hours.

It says why each is held and nothing of what it says, unless that is wished. An answer decides: each
message has an address of its own to answer, for one reader and one decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from config.settings import Settings
from relay.masking.addresses import Desk
from relay.notices import Notice, Pen, Recipient, write
from relay.threads import hours
from relay.threads.followup import calendar
from relay.threads.reminders import first_name, taps
from relay.threads.waiting import GATE, Waiting, asked_about_address
from screening.message import read
from storage.records.changes import Changes
from storage.records.mail import OutboxItem, OutgoingState
from storage.records.once import Request, RequestKind
from storage.records.people import Ambassador, Side
from storage.records.screening import Due

MODERATORS = ""  # the reader of a digest that goes to all of them
MOST = 20  # messages in one digest; those that wait longest come first
_GATHER = timedelta(hours=1)  # of working time: what comes meanwhile goes with it
_DAY = timedelta(days=1)
_SHOWN = 1500  # letters of a text, if texts are shown


def falls_due(ambassador: Ambassador, settings: Settings, now: datetime) -> Due:
    """When the digest is due that tells of a message which is held now, if none is due before."""
    at = hours.after(now, _GATHER, calendar(ambassador, settings.followup))
    return Due(MODERATORS if settings.relay.moderators else ambassador.id, at)


def is_told_of(item: OutboxItem, reader: str) -> bool:
    """Whether this reader decides on the item. What the gate caught only its author can mend."""
    mail = item.outgoing
    if mail.state is not OutgoingState.HELD or asked_about_address(item):
        return False
    return reader in (MODERATORS, mail.ambassador_id) and all(
        reason.rule != GATE for reason in mail.reasons
    )


def digest(due: Due, held: Sequence[Waiting], count: int, settings: Settings, pen: Pen) -> Changes:
    """The mails of a digest that is due, and when the next one is. `held` are the first of `count`.

    Nothing is sent at night; if nothing waits any more, there is none, and no next one.
    """
    if not held:
        return Changes(digests=(Due(due.reader, None, due.was),))
    clock = calendar(held[0].parties.ambassador, settings.followup)
    if not hours.at_work(pen.now, clock):
        return Changes(digests=(Due(due.reader, hours.soonest(pen.now, clock), due.was),))
    after = hours.soonest(pen.now + _DAY, clock)
    changes = Changes(digests=(Due(due.reader, after, due.was),))
    for address in _readers(due, held, settings):
        changes += _mail(address, held, count, settings, pen)
    return changes


def _readers(due: Due, held: Sequence[Waiting], settings: Settings) -> tuple[str, ...]:
    if due.reader == MODERATORS:
        return settings.relay.moderators
    return (held[0].parties.ambassador.mailbox,)


def _mail(
    address: str, held: Sequence[Waiting], count: int, settings: Settings, pen: Pen
) -> Changes:
    asked = tuple(_question(one, address, settings, pen) for one in held)
    items = tuple(
        _facts(one, request, settings.screening.show_text, pen)
        for one, request in zip(held, asked, strict=True)
    )
    facts = {"items": items, "more": count - len(items), "shows": settings.screening.show_text}
    told = write(pen, Notice("digest_held", facts), Recipient(address))
    return Changes(outgoing=(told,), requests=asked)


def _question(held: Waiting, address: str, settings: Settings, pen: Pen) -> Request:
    until = held.item.outgoing.expires_at or pen.now + settings.screening.hold_expires
    note = f"{held.item.outgoing.id} {address}"
    return Request(pen.mint.token(), RequestKind.DECISION, held.thread.id, until, note)


def _facts(held: Waiting, request: Request, shows: bool, pen: Pen) -> dict[str, object]:
    mail = held.item.outgoing
    message = read(mail.content)
    return {
        "id": mail.id,
        "ambassador": first_name(held.parties.ambassador.display_name),
        "by_ambassador": mail.to is Side.CANDIDATE,
        "received": mail.created_at,
        "until": request.expires_at,
        "words": len(message.text.split()),
        "files": len(message.attachments),
        "earlier": len(held.beside),
        "proven": held.parties.candidate.proven,
        "reasons": tuple(dict.fromkeys(one.reason for one in mail.reasons)),
        "text": message.text[:_SHOWN] if shows else "",
        "links": taps(pen.house.plan.write(Desk(request.token)), ("approve", "decline")),
    }


def decided_item(request: Request) -> str:
    """The id of the message that the question is about."""
    return request.note.partition(" ")[0]


def decider(request: Request) -> str:
    """The address of whoever was asked."""
    return request.note.partition(" ")[2]
