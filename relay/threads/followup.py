"""When an answer is slow: the reminder, the backup, and the end of a thread nobody answers.

The due time of a thread lies in the database; a tick reads what is due and gets Changes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from config.settings import FollowupSettings
from relay.notices import Notice, Pen
from relay.threads import hours, reminders
from relay.threads.parties import Parties
from relay.threads.states import ThreadEvent, advance
from storage.records import (
    Ambassador,
    Changes,
    Event,
    EventKind,
    Outgoing,
    Thread,
    ThreadState,
)


def calendar(ambassador: Ambassador, followup: FollowupSettings) -> hours.Calendar:
    """The working time that counts for this ambassador."""
    return hours.Calendar(ambassador.timezone, ambassador.country, not followup.business_hours)


def schedule(thread: Thread, ambassador: Ambassador, followup: FollowupSettings) -> Thread:
    """The thread with the time at which its next follow-up falls due, if any does."""
    return replace(thread, due_at=_due(thread, ambassador, followup))


def _due(thread: Thread, ambassador: Ambassador, followup: FollowupSettings) -> datetime | None:
    clock, start = calendar(ambassador, followup), thread.since
    if not ambassador.available(start):
        if ambassador.paused_until is None:
            return None
        start = ambassador.paused_until
    if thread.state is ThreadState.WAITING:
        return hours.after(start, followup.nudge_after, clock)
    if thread.state is ThreadState.NUDGED:
        waits = [max(followup.escalate_after - followup.nudge_after, timedelta())]
        if thread.nudges < followup.max_nudges:
            waits.append(_until_next_nudge(thread.nudges, followup))
        return hours.after(start, min(waits), clock)
    if thread.state is ThreadState.ESCALATED:
        return hours.after(start, 2 * followup.escalate_after, clock)
    return None


def _until_next_nudge(nudges: int, followup: FollowupSettings) -> timedelta:
    """Since the first nudge: 1, 3, 6, 10 ... times `nudge_after`, so the intervals grow."""
    return followup.nudge_after * (nudges * (nudges + 1) // 2)


def next_event(thread: Thread, followup: FollowupSettings) -> ThreadEvent | None:
    """What falls due next for the thread as it stands."""
    if thread.state is ThreadState.WAITING:
        return ThreadEvent.NUDGE_DUE if followup.max_nudges else ThreadEvent.ESCALATION_DUE
    if thread.state is ThreadState.NUDGED:
        waited = _until_next_nudge(thread.nudges, followup)
        nudge_first = waited < followup.escalate_after - followup.nudge_after
        more = thread.nudges < followup.max_nudges
        return ThreadEvent.NUDGE_DUE if more and nudge_first else ThreadEvent.ESCALATION_DUE
    return ThreadEvent.CLOSED if thread.state is ThreadState.ESCALATED else None


def follow_up(
    thread: Thread,
    parties: Parties,
    followup: FollowupSettings,
    pen: Pen,
) -> Changes:
    """What is to be done for a thread whose time has come; nothing, if it has not or cannot be."""
    event, now = next_event(thread, followup), pen.now
    if event is None or thread.due_at is None or thread.due_at > now:
        return Changes()
    if not parties.ambassador.available(now):
        later = _due(replace(thread, since=now), parties.ambassador, followup)
        return Changes(threads=(replace(thread, due_at=later),))
    moved = advance(thread, event, now)
    if event is ThreadEvent.ESCALATION_DUE and _can_help(parties, now):
        assert parties.backup is not None
        moved = replace(moved, backup_id=parties.backup.id)
    kind, detail, mails = _consequences(event, moved, parties, pen)
    happened = Event(pen.mint.id(now), now, kind, thread.id, thread.ambassador_id, detail)
    scheduled = schedule(moved, parties.ambassador, followup)
    return Changes(threads=(scheduled,), outgoing=mails, events=(happened,))


def _can_help(parties: Parties, now: datetime) -> bool:
    return parties.backup is not None and parties.backup.available(now)


def _consequences(
    event: ThreadEvent, thread: Thread, parties: Parties, pen: Pen
) -> tuple[EventKind, dict[str, str], tuple[Outgoing, ...]]:
    if event is ThreadEvent.NUDGE_DUE:
        mails = (reminders.nudge(thread, parties, pen),)
        return EventKind.NUDGED, {"number": str(thread.nudges)}, mails
    if event is ThreadEvent.ESCALATION_DUE:
        to = parties.backup.name if thread.backup_id and parties.backup else ""
        return EventKind.ESCALATED, {"to": to}, reminders.escalation(thread, parties, pen)
    told = reminders.to_candidate(Notice("closed_unanswered"), thread, parties, pen)
    return EventKind.CLOSED, {"why": "unanswered"}, told
