"""Held messages: approve, decline, expire. Each gives Changes, or says why it cannot be."""

from __future__ import annotations

from config.settings import FollowupSettings
from relay.notices import Notice, Pen
from relay.threads.followup import schedule
from relay.threads.parties import Parties
from relay.threads.reminders import to_candidate
from relay.threads.states import ThreadEvent, advance
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.mail import OutboxItem, OutgoingState, Settled
from storage.records.people import Side
from storage.records.threads import Thread, ThreadState

GATE = "gate"  # the rule that holds what would show its author's address


class NotDecidable(Exception):
    """This item cannot be decided so; the text says why and what can be done."""


def approve(
    item: OutboxItem, thread: Thread, parties: Parties, followup: FollowupSettings, pen: Pen
) -> Changes:
    """The held message goes out at once; not what the gate caught: only its author can mend that.

    Raises NotDecidable.
    """
    _must_be_held(item)
    if any(reason.rule == GATE for reason in item.outgoing.reasons):
        raise NotDecidable(
            "it would show its author's address; its author was asked to send it again"
        )
    now = pen.now
    event = (
        ThreadEvent.APPROVED
        if item.outgoing.to is Side.AMBASSADOR
        else ThreadEvent.AMBASSADOR_WROTE
    )
    moved = schedule(advance(thread, event, now), parties.ambassador, followup)
    return Changes(
        threads=(moved,),
        settled=(Settled(item.outgoing.id, OutgoingState.QUEUED, now, next_try=now),),
        events=(_event(EventKind.APPROVED, thread, pen),),
    )


def decline(item: OutboxItem, thread: Thread, parties: Parties, reason: str, pen: Pen) -> Changes:
    """The held message is dropped and its author told kindly, with the reason if one is given.

    Raises NotDecidable.
    """
    return _end(item, thread, parties, EventKind.DECLINED, {"reason": reason}, pen)


def expire(item: OutboxItem, thread: Thread, parties: Parties, pen: Pen) -> Changes:
    """Nobody decided in time: the same as a decline, in other words."""
    return _end(item, thread, parties, EventKind.EXPIRED, {}, pen)


def _end(
    item: OutboxItem,
    thread: Thread,
    parties: Parties,
    kind: EventKind,
    facts: dict[str, object],
    pen: Pen,
) -> Changes:
    _must_be_held(item)
    closes = thread.state is ThreadState.PENDING
    by_candidate = item.outgoing.to is Side.AMBASSADOR
    notice = Notice(kind.value, facts)
    return Changes(
        threads=(advance(thread, ThreadEvent.CLOSED, pen.now),) if closes else (),
        outgoing=to_candidate(notice, thread, parties, pen) if by_candidate else (),
        settled=(Settled(item.outgoing.id, OutgoingState.DECLINED, pen.now),),
        events=(_event(kind, thread, pen),),
    )


def _must_be_held(item: OutboxItem) -> None:
    if item.outgoing.state not in (OutgoingState.HELD, OutgoingState.ASKED):
        raise NotDecidable(f"it is not held any more, but {item.outgoing.state}")


def _event(kind: EventKind, thread: Thread, pen: Pen) -> Event:
    return Event(pen.mint.id(pen.now), pen.now, kind, thread.id, thread.ambassador_id)
