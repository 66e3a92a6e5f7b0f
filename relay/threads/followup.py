"""When an answer is slow: the reminder, the backup, and the end of a thread nobody answers.

The due time of a thread lies in the database; a tick reads what is due and gets Changes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from config.settings import FollowupSettings
from relay.notices import Notice, Pen
from relay.threads import hours, quiet, reminders
from relay.threads.events import happened
from relay.threads.parties import Parties
from relay.threads.reminders import Away
from relay.threads.states import ThreadEvent, advance, takes
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.mail import Outgoing
from storage.records.people import Ambassador, AmbassadorState
from storage.records.threads import Thread, ThreadState


def calendar(ambassador: Ambassador, followup: FollowupSettings) -> hours.Calendar:
    """The working time that counts for this ambassador."""
    return hours.Calendar(ambassador.timezone, ambassador.country, not followup.business_hours)


def schedule(thread: Thread, ambassador: Ambassador, followup: FollowupSettings) -> Thread:
    """The thread with the time at which its next follow-up falls due, if any does."""
    return replace(thread, due_at=_due(thread, ambassador, followup))


def _due(thread: Thread, ambassador: Ambassador, followup: FollowupSettings) -> datetime | None:
    clock, start = calendar(ambassador, followup), thread.since
    back = ambassador.paused_until if ambassador.state is AmbassadorState.PAUSED else None
    if thread.state is ThreadState.ESCALATED:
        start = max(start, back) if back and thread.backup_id is None else start
        return hours.after(start, 2 * followup.escalate_after, clock)
    if thread.state is ThreadState.ANSWERED:
        return quiet.due(thread, clock, followup)
    if thread.state not in (ThreadState.WAITING, ThreadState.NUDGED):
        return None
    if back and start < back <= start + followup.escalate_after:
        start = back  # a short absence stops the clock; of a long one the candidate is told
    if thread.state is ThreadState.WAITING:
        first = hours.after(start, followup.nudge_after, clock)
        return max(first, hours.soonest(thread.rests_until, clock)) if thread.rests_until else first
    waits = [max(followup.escalate_after - followup.nudge_after, timedelta())]
    if thread.nudges < followup.max_nudges:
        waits.append(_until_next_nudge(thread.nudges, followup))
    return hours.after(start, min(waits), clock)


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
    event, now, alex = next_event(thread, followup), pen.now, parties.ambassador
    if event is None or thread.due_at is None or thread.due_at > now:
        return Changes()
    if event is not ThreadEvent.CLOSED and not hours.at_work(now, calendar(alex, followup)):
        # Whatever made us late, nobody is written to at night.
        return _later(thread, hours.soonest(now, calendar(alex, followup)))
    if not alex.available(now) and event is not ThreadEvent.CLOSED:
        if alex.paused_until and alex.paused_until <= now + followup.escalate_after:
            return _later(thread, _due(replace(thread, since=now), alex, followup))
        event = ThreadEvent.ESCALATION_DUE
    still = _due(thread, alex, followup)
    if event is ThreadEvent.CLOSED and still and still > now:
        return _later(thread, still)
    return _happen(event, thread, parties, followup, pen)


def ask_backup(
    thread: Thread, parties: Parties, followup: FollowupSettings, pen: Pen, away: Away | None = None
) -> Changes:
    """The backup is asked now, because the ambassador is away; nothing, if that was done."""
    if not takes(thread, ThreadEvent.ESCALATION_DUE):
        return Changes()
    return _happen(ThreadEvent.ESCALATION_DUE, thread, parties, followup, pen, away)


def _later(thread: Thread, due_at: datetime | None) -> Changes:
    return Changes(threads=(replace(thread, due_at=due_at),))


def _happen(
    event: ThreadEvent,
    thread: Thread,
    parties: Parties,
    followup: FollowupSettings,
    pen: Pen,
    away: Away | None = None,
) -> Changes:
    now = pen.now
    moved = advance(thread, event, now)
    if event is ThreadEvent.ESCALATION_DUE and _can_help(parties, now):
        assert parties.backup is not None
        moved = replace(moved, backup_id=parties.backup.id)
    if not away and not parties.ambassador.available(now):
        away = Away(parties.ambassador.paused_until)
    kind, detail, mails = _consequences(event, moved, parties, pen, away)
    noted = happened(kind, thread, pen, **detail)
    scheduled = schedule(moved, parties.ambassador, followup)
    return Changes(threads=(scheduled,), outgoing=mails, events=(noted,))


def _can_help(parties: Parties, now: datetime) -> bool:
    return parties.backup is not None and parties.backup.available(now)


def _consequences(
    event: ThreadEvent, thread: Thread, parties: Parties, pen: Pen, away: Away | None
) -> tuple[EventKind, dict[str, str], tuple[Outgoing, ...]]:
    if event is ThreadEvent.NUDGE_DUE:
        mails = (reminders.nudge(thread, parties, pen),)
        return EventKind.NUDGED, {"number": str(thread.nudges)}, mails
    if event is ThreadEvent.ESCALATION_DUE:
        to = parties.backup.name if thread.backup_id and parties.backup else ""
        return EventKind.ESCALATED, {"to": to}, reminders.escalation(thread, parties, pen, away)
    told = reminders.to_candidate(Notice("closed_unanswered"), thread, parties, pen)
    return EventKind.CLOSED, {"why": "unanswered"}, told
