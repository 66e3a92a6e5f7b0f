"""Reminders, the backup, and the end: what falls due when, and who is written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from configs import some_settings
from desks import a_pen, a_working_monday
from stores import a_candidate, a_thread, an_ambassador

from relay.threads.followup import follow_up, next_event, schedule
from relay.threads.parties import Parties
from relay.threads.states import ThreadEvent, advance
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.mail import OutgoingKind
from storage.records.people import AmbassadorState
from storage.records.threads import Thread, ThreadState

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


def test_the_clock_stands_still_during_a_short_absence() -> None:
    back = MONDAY + 48 * HOUR
    away = replace(ALEX, state=AmbassadorState.PAUSED, paused_until=back)
    changes = play(waiting(), 24, parties(ambassador=away))
    assert changes.outgoing == ()
    assert changes.threads[0].due_at == back + 24 * HOUR


@pytest.mark.parametrize("until", [None, MONDAY + 400 * HOUR])
def test_in_a_long_absence_the_backup_is_asked_instead(until: datetime | None) -> None:
    away = replace(ALEX, state=AmbassadorState.PAUSED, paused_until=until)
    changes = play(waiting(), 24, parties(ambassador=away))
    assert [mail.recipient for mail in changes.outgoing] == [SAM.mailbox, DANA.address]
    assert b"is away" in changes.outgoing[1].content
    assert changes.threads[0].state is ThreadState.ESCALATED


def test_without_a_backup_the_wait_lasts_until_the_day_that_was_named() -> None:
    back = MONDAY + 400 * HOUR
    away = replace(ALEX, state=AmbassadorState.PAUSED, paused_until=back)
    alone = parties(ambassador=away, backup=None)
    changes = play(waiting(), 24, alone)
    assert [mail.recipient for mail in changes.outgoing] == [DANA.address]
    assert changes.threads[0].due_at == back + 2 * FOLLOWUP.escalate_after


def test_a_service_that_was_down_at_night_reminds_nobody_before_the_morning() -> None:
    followup = some_settings({}).followup
    night = MONDAY + 2 * 24 * HOUR + 14 * HOUR  # Wednesday, 23:00
    late = replace(waiting(), due_at=MONDAY + 24 * HOUR)
    changes = follow_up(late, parties(), followup, a_pen(night))
    assert changes.outgoing == ()
    assert changes.threads[0].due_at == night + 10 * HOUR


def test_who_wants_to_be_reminded_later_is_not_reminded_before() -> None:
    rests = MONDAY + 5 * 24 * HOUR
    put_off = advance(waiting(), ThreadEvent.PUT_OFF, MONDAY + HOUR)
    thread = schedule(replace(put_off, rests_until=rests), ALEX, FOLLOWUP)
    assert thread.due_at == rests
    wrote = schedule(
        advance(thread, ThreadEvent.CANDIDATE_WROTE, MONDAY + 2 * HOUR), ALEX, FOLLOWUP
    )
    assert wrote.due_at == rests
    nudged = play(wrote, 5 * 24)
    assert nudged.threads[0].state is ThreadState.NUDGED
    assert nudged.threads[0].rests_until is None


def test_a_reminder_has_the_commands_in_it_as_links() -> None:
    thread = waiting()
    (mail,) = play(thread, 24).outgoing
    page = message_from_bytes(mail.content, policy=default).get_body(("html",)).get_content()
    guest = f"mailto:guest-{thread.guest_token}@peers.example.test"
    for body in ("%2Flater%203d", "%2Fhandoff%20sam", "%2Fpass", "%2Fpause%202w"):
        assert f"{guest}?subject=Re&amp;body={body}" in page


def test_an_answered_thread_has_no_reminder_due() -> None:
    answered = advance(waiting(), ThreadEvent.AMBASSADOR_WROTE, MONDAY + HOUR)
    assert play(schedule(answered, ALEX, FOLLOWUP), 24 * 30) == Changes()
    assert next_event(answered, FOLLOWUP) is None
