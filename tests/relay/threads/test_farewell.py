"""Somebody leaves: what becomes of their conversations."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from configs import some_settings
from desks import a_pen, a_working_monday
from stores import a_candidate, a_thread, an_ambassador

from relay.threads.farewell import remove, stop
from relay.threads.parties import Parties, Talk
from storage.records.changes import Changes
from storage.records.people import AmbassadorState
from storage.records.threads import Thread, ThreadState

FOLLOWUP = some_settings({}).followup
ALEX = an_ambassador("alex", display_name="Alex Chen", backup="sam")
SAM = an_ambassador("sam", display_name="Sam Okafor")
DANA = a_candidate("dana@mailer.test", name="Dana Keller", proven=True)
MONDAY = a_working_monday()
LONG_AGO = MONDAY - timedelta(days=90)


def talk(state: ThreadState, backup: bool = True, **fields: object) -> Talk:
    thread = a_thread(ALEX, DANA, **{"state": state, "since": MONDAY, "opened_at": MONDAY} | fields)
    return Talk(thread, Parties(ALEX, DANA, SAM if backup else None))


def left(*talks: Talk) -> Changes:
    return remove(ALEX, talks, (), FOLLOWUP, a_pen(MONDAY))


def states(changes: Changes) -> list[ThreadState]:
    return [one.state for one in changes.threads]


def test_live_conversations_go_to_the_backup_with_one_note_to_each_candidate() -> None:
    changes = left(talk(ThreadState.WAITING), talk(ThreadState.ANSWERED))
    assert changes.ambassadors[0].state is AmbassadorState.REMOVED
    assert {one.ambassador_id for one in changes.threads} == {SAM.id}
    to = [mail.recipient for mail in changes.outgoing]
    assert to.count(DANA.address) == 2
    assert to.count(SAM.mailbox) == 2


def test_without_a_backup_who_waits_gets_a_kind_word() -> None:
    away = replace(SAM, state=AmbassadorState.REMOVED)
    waiting = talk(ThreadState.NUDGED)
    for nobody in (None, away):
        changes = left(replace(waiting, parties=replace(waiting.parties, backup=nobody)))
        assert states(changes) == [ThreadState.CLOSED]
        assert [mail.recipient for mail in changes.outgoing] == [DANA.address]


def test_what_has_been_quiet_for_long_is_closed_without_a_mail() -> None:
    changes = left(talk(ThreadState.ANSWERED, opened_at=LONG_AGO, last_ambassador_at=LONG_AGO))
    assert states(changes) == [ThreadState.CLOSED]
    assert changes.outgoing == ()


def test_who_never_reached_the_ambassador_is_told_that_nothing_was_passed_on() -> None:
    changes = left(talk(ThreadState.PENDING, last_candidate_at=None))
    assert states(changes) == [ThreadState.CLOSED]
    assert b"not passed on" in changes.outgoing[0].content


def test_a_candidate_who_stops_ends_all_and_only_those_who_owe_an_answer_are_told() -> None:
    waiting, answered = talk(ThreadState.WAITING), talk(ThreadState.ANSWERED)
    changes = stop(DANA, (waiting, answered), (), a_pen(MONDAY))
    assert changes.candidates[0].stopped
    assert states(changes) == [ThreadState.CLOSED, ThreadState.CLOSED]
    assert [mail.recipient for mail in changes.outgoing] == [DANA.address, ALEX.mailbox]
    assert b"mailer.test" not in changes.outgoing[1].content


def closed(thread: Thread) -> Thread:
    return replace(thread, state=ThreadState.CLOSED)


def test_what_is_closed_already_stays_as_it_was() -> None:
    over = talk(ThreadState.ANSWERED)
    assert stop(DANA, (replace(over, thread=closed(over.thread)),), (), a_pen(MONDAY)).threads == ()
