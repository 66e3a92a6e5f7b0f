"""The thread's state machine: one table, and the function that follows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.records.people import Side
from storage.records.threads import Stage, Thread, ThreadState


class ThreadEvent(StrEnum):
    """What can move a thread. Only human words do: automatic mail is no event."""

    CANDIDATE_WROTE = "candidate_wrote"
    THANKED = "thanked"  # the candidate wrote what wants no answer
    HELD = "held"
    APPROVED = "approved"
    AMBASSADOR_WROTE = "ambassador_wrote"
    NUDGE_DUE = "nudge_due"
    ESCALATION_DUE = "escalation_due"
    PUT_OFF = "put_off"  # the ambassador wants to be reminded later
    HANDED_OVER = "handed_over"
    CLOSED = "closed"


_S, _E = ThreadState, ThreadEvent

_ANY = {_E.HELD: None, _E.AMBASSADOR_WROTE: _S.ANSWERED, _E.CLOSED: _S.CLOSED}
_WAITING = {
    _E.CANDIDATE_WROTE: None,
    _E.APPROVED: None,
    _E.PUT_OFF: _S.WAITING,
    _E.HANDED_OVER: _S.WAITING,
}
_RESTING = {
    _E.CANDIDATE_WROTE: _S.WAITING,
    _E.THANKED: None,
    _E.APPROVED: _S.WAITING,
    _E.HANDED_OVER: None,
}
_ANEW = (_E.PUT_OFF, _E.HANDED_OVER)  # with these the clock begins once more

# None: the event is taken and the state stays. An event that is missing is not taken at all.
TRANSITIONS: dict[ThreadState, dict[ThreadEvent, ThreadState | None]] = {
    _S.PENDING: {
        _E.CANDIDATE_WROTE: _S.WAITING,
        _E.HELD: None,
        _E.APPROVED: _S.WAITING,
        _E.CLOSED: _S.CLOSED,
    },
    _S.WAITING: {
        **_ANY,
        **_WAITING,
        _E.NUDGE_DUE: _S.NUDGED,
        _E.ESCALATION_DUE: _S.ESCALATED,
    },
    _S.NUDGED: {**_ANY, **_WAITING, _E.NUDGE_DUE: None, _E.ESCALATION_DUE: _S.ESCALATED},
    _S.ESCALATED: {**_ANY, **_WAITING},
    _S.ANSWERED: {**_ANY, **_RESTING},
    _S.CLOSED: {**_ANY, **_RESTING},
}


class NotPossible(Exception):
    """This event cannot happen in this state; a caller that asks for it has a bug."""


def takes(thread: Thread, event: ThreadEvent) -> bool:
    """Whether the event can happen to the thread as it stands."""
    return event in TRANSITIONS[thread.state]


def advance(thread: Thread, event: ThreadEvent, now: datetime) -> Thread:
    """The thread after the event. `since` moves only when the state does, or the clock begins anew.

    Raises NotPossible where the table has no entry.
    """
    if not takes(thread, event):
        raise NotPossible(f"{event} while {thread.state}")
    state = TRANSITIONS[thread.state][event] or thread.state
    since = now if state is not thread.state or event in _ANEW else thread.since
    return replace(thread, state=state, since=since, **_besides(thread, state, event, now))


def _besides(
    thread: Thread, state: ThreadState, event: ThreadEvent, now: datetime
) -> dict[str, Any]:
    """What else an event changes that leads to this state."""
    if event in _ANEW:
        return {"nudges": 0, "rests_until": None}
    if event is _E.THANKED:
        return {"last_candidate_at": now}
    if event in (_E.CANDIDATE_WROTE, _E.APPROVED):
        nudges = 0 if state is _S.WAITING else thread.nudges
        return {"last_candidate_at": now, "nudges": nudges}
    if event is _E.AMBASSADOR_WROTE:
        stage = Stage.TALKING if thread.stage is Stage.CONTACT else thread.stage
        return {"last_ambassador_at": now, "nudges": 0, "stage": stage, "rests_until": None}
    if event is _E.NUDGE_DUE:
        return {"nudges": thread.nudges + 1, "rests_until": None}
    return {}


def is_open(thread: Thread) -> bool:
    """Whether anything may still come of it by itself."""
    return thread.state is not _S.CLOSED


def waits_for(thread: Thread) -> Side | None:
    """Whose word is awaited, if anybody's."""
    if thread.state in (_S.WAITING, _S.NUDGED, _S.ESCALATED):
        return Side.AMBASSADOR
    return Side.CANDIDATE if thread.state is _S.ANSWERED else None
