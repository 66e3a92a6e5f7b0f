"""A thread changes hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from configs import some_settings
from desks import a_pen, a_working_monday
from stores import a_candidate, a_thread, an_ambassador

from relay.threads.handover import hand_over, taken_over
from relay.threads.parties import Parties
from storage.records.events import EventKind
from storage.records.threads import Agreed, ThreadState

FOLLOWUP = some_settings({"followup.business_hours": False}).followup
ALEX = an_ambassador("alex", display_name="Alex Chen", backup="sam")
SAM = an_ambassador("sam", display_name="Sam Okafor")
DANA = a_candidate("dana@mailer.test", name="Dana Keller", proven=True)
MONDAY = a_working_monday()
LATER = MONDAY + timedelta(hours=5)
PARTIES = Parties(ALEX, DANA, SAM)
THREAD = a_thread(
    ALEX, DANA, state=ThreadState.NUDGED, nudges=2, since=MONDAY, agreed=Agreed.CANDIDATE
)


def test_whoever_takes_over_gets_the_whole_time_and_no_promise_of_the_other() -> None:
    (moved,) = hand_over(THREAD, PARTIES, SAM, FOLLOWUP, a_pen(LATER)).threads
    assert (moved.ambassador_id, moved.former_ids) == (SAM.id, (ALEX.id,))
    assert (moved.state, moved.nudges, moved.agreed) == (ThreadState.WAITING, 0, Agreed.NOBODY)
    assert moved.due_at == LATER + FOLLOWUP.nudge_after


def test_both_are_told_once_and_neither_learns_an_address() -> None:
    changes = hand_over(THREAD, PARTIES, SAM, FOLLOWUP, a_pen(LATER))
    to_sam, to_dana = changes.outgoing
    assert (to_sam.recipient, to_dana.recipient) == (SAM.mailbox, DANA.address)
    assert b"mailer.test" not in to_sam.content
    assert b"corp.example.test" not in to_dana.content
    assert b"Okafor" not in to_dana.content
    assert f"guest-{THREAD.guest_token}@".encode() in to_sam.content
    assert f"peer-sam+t.{THREAD.peer_token}@".encode() in to_dana.content
    assert [event.kind for event in changes.events] == [EventKind.HANDED_OVER]


def test_an_unproven_candidate_is_not_told() -> None:
    stranger = replace(PARTIES, candidate=replace(DANA, proven=False))
    changes = hand_over(THREAD, stranger, SAM, FOLLOWUP, a_pen(LATER))
    assert [mail.recipient for mail in changes.outgoing] == [SAM.mailbox]


def test_an_answered_thread_stays_answered() -> None:
    answered = replace(THREAD, state=ThreadState.ANSWERED)
    (moved,) = hand_over(answered, PARTIES, SAM, FOLLOWUP, a_pen(LATER)).threads
    assert (moved.state, moved.due_at) == (ThreadState.ANSWERED, None)


def test_a_backup_who_answered_goes_on_and_the_other_may_come_back() -> None:
    moved = taken_over(THREAD, SAM)
    assert (moved.ambassador_id, moved.backup_id) == (SAM.id, ALEX.id)
    back = taken_over(moved, ALEX)
    assert (back.ambassador_id, back.backup_id, back.former_ids) == (ALEX.id, SAM.id, (SAM.id,))
