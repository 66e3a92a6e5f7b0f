"""Held messages: approve, decline, expire. Each gives Changes, or says why it cannot be.

An answer to a question of ours that is held takes with it what its author wrote before: both go,
in their order, or neither.
"""

from __future__ import annotations

from datetime import timedelta

from config.settings import FollowupSettings
from relay.notices import Notice, Pen
from relay.threads.events import happened
from relay.threads.followup import schedule
from relay.threads.parties import Parties
from relay.threads.reminders import to_candidate
from relay.threads.states import ThreadEvent, advance
from relay.threads.waiting import GATE, Waiting, asked_about_address, is_waiting, waits_for_answer
from screening.message import read
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.mail import OutboxItem, OutgoingState, Settled
from storage.records.people import Side
from storage.records.screening import Taught
from storage.records.threads import Thread, ThreadState

APART = timedelta(seconds=1)  # between two messages that are to arrive in their order


class NotDecidable(Exception):
    """This item cannot be decided so; the text says why and what can be done."""


def approve(held: Waiting, followup: FollowupSettings, pen: Pen) -> Changes:
    """The held message goes out at once; not what the gate caught: only its author can mend that.

    Raises NotDecidable.
    """
    item, thread = held.item, held.thread
    _must_be_ours(item)
    if any(reason.rule == GATE for reason in item.outgoing.reasons):
        raise NotDecidable(
            "it would show its author's address; its author was asked to send it again"
        )
    events = [happened(EventKind.APPROVED, thread, pen, rules=_rules(item))]
    if item.outgoing.to is Side.CANDIDATE:
        words = str(len(read(item.outgoing.content).text.split()))
        by = held.parties.ambassador.name
        events.append(happened(EventKind.AMBASSADOR_WROTE, thread, pen, words=words, by=by))
    approved = Changes(events=tuple(events), taught=_taught(held, welcome=True))
    first = tuple(one for one in held.beside if waits_for_answer(one))
    return release(item, thread, held.parties, followup, pen, first) + approved


def release(
    item: OutboxItem,
    thread: Thread,
    parties: Parties,
    followup: FollowupSettings,
    pen: Pen,
    first: tuple[OutboxItem, ...] = (),
) -> Changes:
    """What waited goes out at once, after `first`; its thread moves on as if it had come now."""
    now = pen.now
    event = (
        ThreadEvent.APPROVED
        if item.outgoing.to is Side.AMBASSADOR
        else ThreadEvent.AMBASSADOR_WROTE
    )
    moved = schedule(advance(thread, event, now), parties.ambassador, followup)
    return Changes(threads=(moved,), settled=in_order((*first, item), pen))


def in_order(items: tuple[OutboxItem, ...], pen: Pen) -> tuple[Settled, ...]:
    """These go out now, one after the other."""
    return tuple(
        Settled(
            item.outgoing.id,
            OutgoingState.QUEUED,
            pen.now,
            next_try=pen.now + number * APART,
            was=item.outgoing.state,
        )
        for number, item in enumerate(items)
    )


def decline(held: Waiting, reason: str, pen: Pen) -> Changes:
    """The held message is dropped and its author told kindly, with the reason if one is given.

    Raises NotDecidable.
    """
    _must_be_ours(held.item)
    taught = Changes(taught=_taught(held, welcome=False))
    return _end(held, EventKind.DECLINED, Notice("declined", {"reason": reason}), pen) + taught


def expire(held: Waiting, pen: Pen) -> Changes:
    """Nobody decided in time: the same as a decline, in other words.

    What waits for its author's word about an address ends without any: they were told when.
    """
    if asked_about_address(held.item):
        return Changes(
            threads=_closed(held.thread, pen),
            settled=(Settled(held.item.outgoing.id, OutgoingState.DECLINED, pen.now),),
        )
    answered = any(one.outgoing.state is OutgoingState.HELD for one in held.beside)
    if waits_for_answer(held.item) and not answered:
        notice = Notice("expired", {"asked": True})
        return _end(held, EventKind.LAPSED, notice, pen)
    return _end(held, EventKind.EXPIRED, Notice("expired", {"asked": False}), pen)


def _end(held: Waiting, kind: EventKind, notice: Notice, pen: Pen) -> Changes:
    """The message goes nowhere, nor does what its author wrote before or was asked about."""
    _must_be_held(held.item)
    by_candidate = held.item.outgoing.to is Side.AMBASSADOR
    told = to_candidate(notice, held.thread, held.parties, pen) if by_candidate else ()
    asked = waits_for_answer(held.item)
    others = (one for one in held.beside if asked or waits_for_answer(one))
    gone = (one for one in (held.item, *others) if not asked_about_address(one))
    return Changes(
        threads=_closed(held.thread, pen),
        outgoing=told,
        settled=tuple(
            Settled(one.outgoing.id, OutgoingState.DECLINED, pen.now, was=one.outgoing.state)
            for one in gone
        ),
        events=(happened(kind, held.thread, pen, rules=_rules(held.item)),),
    )


def _closed(thread: Thread, pen: Pen) -> tuple[Thread, ...]:
    """The thread, closed if nothing of it has reached anybody."""
    if thread.state is not ThreadState.PENDING:
        return ()
    return (advance(thread, ThreadEvent.CLOSED, pen.now),)


def _taught(held: Waiting, welcome: bool) -> tuple[Taught, ...]:
    """What the decision on a first contact says of mail like it."""
    if held.item.outgoing.to is Side.CANDIDATE or held.thread.last_candidate_at is not None:
        return ()
    return (Taught(held.thread.id, welcome),)


def _must_be_ours(item: OutboxItem) -> None:
    _must_be_held(item)
    if asked_about_address(item):
        raise NotDecidable("it waits for its author, whose own address is in it")


def _must_be_held(item: OutboxItem) -> None:
    if not is_waiting(item):
        raise NotDecidable(f"it is not held any more, but {item.outgoing.state}")


def _rules(item: OutboxItem) -> str:
    """Why it was held, for the report to say which rules people disagree with."""
    return ",".join(one.rule for one in item.outgoing.reasons)
