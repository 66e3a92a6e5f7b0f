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
OWN_ADDRESS = "own_address"  # the rule by which an author is asked about an address they typed


class NotDecidable(Exception):
    """This item cannot be decided so; the text says why and what can be done."""


def approve(
    item: OutboxItem, thread: Thread, parties: Parties, followup: FollowupSettings, pen: Pen
) -> Changes:
    """The held message goes out at once; not what the gate caught: only its author can mend that.

    Raises NotDecidable.
    """
    _must_be_ours(item)
    if any(reason.rule == GATE for reason in item.outgoing.reasons):
        raise NotDecidable(
            "it would show its author's address; its author was asked to send it again"
        )
    approved = Changes(events=(_event(EventKind.APPROVED, thread, pen),))
    return release(item, thread, parties, followup, pen) + approved


def release(
    item: OutboxItem, thread: Thread, parties: Parties, followup: FollowupSettings, pen: Pen
) -> Changes:
    """What waited goes out at once, and its thread moves on as if it had come now."""
    now = pen.now
    event = (
        ThreadEvent.APPROVED
        if item.outgoing.to is Side.AMBASSADOR
        else ThreadEvent.AMBASSADOR_WROTE
    )
    moved = schedule(advance(thread, event, now), parties.ambassador, followup)
    settled = Settled(
        item.outgoing.id, OutgoingState.QUEUED, now, next_try=now, was=item.outgoing.state
    )
    return Changes(threads=(moved,), settled=(settled,))


def decline(item: OutboxItem, thread: Thread, parties: Parties, reason: str, pen: Pen) -> Changes:
    """The held message is dropped and its author told kindly, with the reason if one is given.

    Raises NotDecidable.
    """
    _must_be_ours(item)
    return _end(item, thread, parties, EventKind.DECLINED, {"reason": reason}, pen)


def expire(item: OutboxItem, thread: Thread, parties: Parties, pen: Pen) -> Changes:
    """Nobody decided in time: the same as a decline, in other words.

    What waits for its author's word about an address ends without any: they were told when.
    """
    if asked_about_address(item):
        closes = thread.state is ThreadState.PENDING
        return Changes(
            threads=(advance(thread, ThreadEvent.CLOSED, pen.now),) if closes else (),
            settled=(Settled(item.outgoing.id, OutgoingState.DECLINED, pen.now),),
        )
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


def asked_about_address(item: OutboxItem) -> bool:
    """Whether only its author may say what becomes of it, for an address of theirs is in it."""
    return any(reason.rule == OWN_ADDRESS for reason in item.outgoing.reasons)


def _must_be_ours(item: OutboxItem) -> None:
    _must_be_held(item)
    if asked_about_address(item):
        raise NotDecidable("it waits for its author, whose own address is in it")


def _must_be_held(item: OutboxItem) -> None:
    if item.outgoing.state not in (OutgoingState.HELD, OutgoingState.ASKED):
        raise NotDecidable(f"it is not held any more, but {item.outgoing.state}")


def _event(kind: EventKind, thread: Thread, pen: Pen) -> Event:
    return Event(pen.mint.id(pen.now), pen.now, kind, thread.id, thread.ambassador_id)
