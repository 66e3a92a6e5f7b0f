"""Reminders, the backup, and the end: what falls due when, and who is written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from configs import some_settings
from desks import a_pen, a_working_monday
from stores import a_candidate, a_thread, an_ambassador

from relay.threads.followup import follow_up, next_event, schedule
from relay.threads.parties import Parties
from relay.threads.states import ThreadEvent, advance
from storage.records import (
    AmbassadorState,
    Changes,
    EventKind,
    OutgoingKind,
    Thread,
    ThreadState,
)

FOLLOWUP = some_settings({"followup.business_hours": False}).followup
ALEX = an_ambassador("alex", display_name="Alex Chen", backup="sam")
SAM = an_ambassador("sam", display_name="Sam Okafor")
DANA = a_candidate("dana@mailer.test", name="Dana Keller", proven=True)
MONDAY = a_working_monday()
HOUR = timedelta(hours=1)


def parties(**changed: object) -> Parties:
    return replace(Parties(ALEX, DANA, SAM), **changed)


def waiting() -> Thread:
    pending = a_thread(ALEX, DANA, state=ThreadState.PENDING, since=MONDAY, opened_at=MONDAY)
    return schedule(advance(pending, ThreadEvent.CANDIDATE_WROTE, MONDAY), ALEX, FOLLOWUP)


def play(thread: Thread, hours: int, who: Parties | None = None) -> Changes:
    return follow_up(thread, who or parties(), FOLLOWUP, a_pen(MONDAY + hours * HOUR))


def test_nothing_happens_before_its_time() -> None:
    assert play(waiting(), 23) == Changes()


def test_the_ambassador_is_reminded_after_a_day_and_can_answer_the_reminder() -> None:
    thread = waiting()
    changes = play(thread, 24)
    (mail,) = changes.outgoing
    assert (mail.kind, mail.recipient) == (OutgoingKind.NUDGE, ALEX.mailbox)
    assert f"guest-{thread.guest_token}@".encode() in mail.content
    assert b"dana@mailer.test" not in mail.content
    assert changes.events[0].kind is EventKind.NUDGED
    assert changes.threads[0].state is ThreadState.NUDGED


def test_reminders_come_in_growing_intervals_until_the_backup_is_asked() -> None:
    thread, told = waiting(), []
    for hour in range(24, 24 * 30):
        changes = play(thread, hour)
        if changes != Changes():
            told.append((hour, changes.events[0].kind))
            thread = changes.threads[0]
    assert told[:3] == [(24, EventKind.NUDGED), (48, EventKind.NUDGED), (72, EventKind.ESCALATED)]
    assert told[3][1] is EventKind.CLOSED
    assert len(told) == 4


def test_no_more_than_the_most_reminders_are_sent() -> None:
    patient = some_settings(
        {
            "followup.business_hours": False,
            "followup.escalate_after": "90d",
            "followup.max_nudges": 4,
        }
    ).followup
    thread, hours = waiting(), []
    for hour in range(24, 24 * 80):
        pen = a_pen(MONDAY + hour * HOUR)
        changes = follow_up(thread, parties(), patient, pen)
        if changes != Changes():
            hours.append(hour)
            thread = changes.threads[0]
    assert hours == [24, 48, 96, 168]


def test_the_backup_is_asked_and_the_candidate_told() -> None:
    nudged = replace(waiting(), state=ThreadState.NUDGED, nudges=2, due_at=MONDAY)
    changes = play(nudged, 72)
    by_recipient = {mail.recipient: mail for mail in changes.outgoing}
    assert set(by_recipient) == {SAM.mailbox, DANA.address}
    assert by_recipient[SAM.mailbox].kind is OutgoingKind.ESCALATION
    assert b"dana@mailer.test" not in by_recipient[SAM.mailbox].content
    assert SAM.mailbox.encode() not in by_recipient[DANA.address].content
    assert changes.threads[0].backup_id == SAM.id


def test_without_a_backup_the_candidate_is_told_all_the_same() -> None:
    nudged = replace(waiting(), state=ThreadState.NUDGED, nudges=2, due_at=MONDAY)
    changes = play(nudged, 72, parties(backup=None))
    assert [mail.recipient for mail in changes.outgoing] == [DANA.address]
    assert changes.threads[0].backup_id is None


def test_an_unproven_candidate_is_never_written_to() -> None:
    stranger = replace(DANA, proven=False)
    nudged = replace(waiting(), state=ThreadState.NUDGED, nudges=2, due_at=MONDAY)
    escalated = play(nudged, 72, parties(candidate=stranger))
    assert DANA.address not in [mail.recipient for mail in escalated.outgoing]


def test_a_thread_that_nobody_answers_is_closed_with_a_word_to_the_candidate() -> None:
    escalated = replace(waiting(), state=ThreadState.ESCALATED, due_at=MONDAY)
    changes = play(escalated, 300)
    assert changes.threads[0].state is ThreadState.CLOSED
    assert [mail.recipient for mail in changes.outgoing] == [DANA.address]


@pytest.mark.parametrize("until", [None, MONDAY + 48 * HOUR])
def test_nobody_is_reminded_while_paused(until: object) -> None:
    away = replace(ALEX, state=AmbassadorState.PAUSED, paused_until=until)
    changes = play(waiting(), 24, parties(ambassador=away))
    assert changes.outgoing == ()
    due = changes.threads[0].due_at
    assert due is None if until is None else due == MONDAY + (48 + 24) * HOUR


def test_an_answered_thread_has_nothing_due() -> None:
    answered = advance(waiting(), ThreadEvent.AMBASSADOR_WROTE, MONDAY + HOUR)
    assert schedule(answered, ALEX, FOLLOWUP).due_at is None
    assert next_event(answered, FOLLOWUP) is None
