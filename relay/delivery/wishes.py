"""What somebody in charge may wish for a message that waits: to try it now, hold it, give it up."""

from __future__ import annotations

from datetime import datetime

from relay.notices import Pen
from relay.threads.parties import Parties
from relay.threads.reminders import undeliverable
from storage.ahead import NEVER
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.mail import OutboxItem, OutgoingKind, OutgoingState, Settled
from storage.records.threads import Thread


def is_on_hold(item: OutboxItem) -> bool:
    """Whether it waits to be released."""
    return item.outgoing.state is OutgoingState.QUEUED and item.next_try == NEVER


def waits(item: OutboxItem) -> bool:
    """Whether it waits for its next try."""
    return item.outgoing.state is OutgoingState.QUEUED and item.next_try != NEVER


def try_now(item: OutboxItem, now: datetime) -> Changes:
    """It is due at once. A Conflict if it is being sent meanwhile; so are the other wishes."""
    return _queued(item, now, now)


def hold(item: OutboxItem, now: datetime) -> Changes:
    """It is not tried until `try_now`."""
    return _queued(item, now, NEVER)


def delete(item: OutboxItem, thread: Thread | None, everybody: Parties | None, pen: Pen) -> Changes:
    """It is given up, its content erased, and whoever wrote it told that it did not arrive."""
    outgoing, now = item.outgoing, pen.now
    gone = Settled(outgoing.id, OutgoingState.DECLINED, now, was=OutgoingState.QUEUED)
    detail = {"kind": outgoing.kind.value, "attempts": str(item.attempts)}
    event = Event(
        pen.mint.id(now), now, EventKind.FAILED, outgoing.thread_id, outgoing.ambassador_id, detail
    )
    changes = Changes(settled=(gone,), events=(event,))
    if outgoing.kind is not OutgoingKind.RELAYED or outgoing.to is None:
        return changes
    if thread is None or everybody is None:
        return changes
    return changes + Changes(outgoing=undeliverable(outgoing.to, True, thread, everybody, pen))


def _queued(item: OutboxItem, now: datetime, next_try: datetime) -> Changes:
    queued = OutgoingState.QUEUED
    return Changes(settled=(Settled(item.outgoing.id, queued, now, next_try, was=queued),))
