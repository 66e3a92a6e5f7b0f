"""Decisions on held messages, and what goes with them."""

from __future__ import annotations

import pytest
from configs import some_settings
from desks import a_pen
from stores import NOW, a_candidate, a_thread, an_ambassador, an_outgoing

from relay.threads import review
from relay.threads.parties import Parties
from relay.threads.waiting import EMPLOYER, GATE, Waiting, was_doubted
from storage.records.events import EventKind
from storage.records.mail import OutboxItem, OutgoingState, Reason
from storage.records.people import Side
from storage.records.threads import Thread, ThreadState

ALEX, CASEY = an_ambassador(), a_candidate(proven=True)
FOLLOWUP = some_settings().followup
CONTENT = b"From: a@b.test\r\nSubject: Hello\r\n\r\nFour words of mine.\r\n"


def an_item(state: OutgoingState = OutgoingState.HELD, *rules: str, **fields: object) -> OutboxItem:
    reasons = tuple(Reason(rule, "why") for rule in rules or ("model",))
    mail = an_outgoing(state=state, reasons=reasons, content=CONTENT, **fields)
    return OutboxItem(mail, 0, NOW, len(CONTENT))


def waits(item: OutboxItem, *beside: OutboxItem, thread: Thread | None = None) -> Waiting:
    pending = a_thread(ALEX, CASEY, state=ThreadState.PENDING, last_candidate_at=None)
    return Waiting(item, thread or pending, Parties(ALEX, CASEY), beside)


def test_what_was_asked_about_goes_before_the_answer_that_is_approved() -> None:
    first, answer = an_item(OutgoingState.ASKED), an_item()
    changes = review.approve(waits(answer, first), FOLLOWUP, a_pen(NOW))
    assert [one.item_id for one in changes.settled] == [first.outgoing.id, answer.outgoing.id]
    assert changes.settled[0].next_try < changes.settled[1].next_try
    assert [one.welcome for one in changes.taught] == [True]


def test_what_was_asked_about_goes_nowhere_with_the_answer_that_is_declined() -> None:
    first, answer = an_item(OutgoingState.ASKED), an_item()
    changes = review.decline(waits(answer, first), "", a_pen(NOW))
    assert {one.item_id for one in changes.settled} == {first.outgoing.id, answer.outgoing.id}
    assert {one.state for one in changes.settled} == {OutgoingState.DECLINED}
    assert [one.welcome for one in changes.taught] == [False]
    assert len(changes.outgoing) == 1


def test_what_else_is_held_is_decided_by_itself() -> None:
    one, other = an_item(), an_item()
    for changes in (
        review.approve(waits(one, other), FOLLOWUP, a_pen(NOW)),
        review.decline(waits(one, other), "", a_pen(NOW)),
    ):
        assert [done.item_id for done in changes.settled] == [one.outgoing.id]


def test_a_question_without_an_answer_is_not_our_fault_and_no_decision() -> None:
    changes = review.expire(waits(an_item(OutgoingState.ASKED)), a_pen(NOW))
    assert [one.kind for one in changes.events] == [EventKind.LAPSED]
    assert changes.taught == ()


def test_an_answer_that_nobody_decided_on_expires_with_what_it_answers_for_in_one_note() -> None:
    first, answer = an_item(OutgoingState.ASKED), an_item()
    for held in (waits(first, answer), waits(answer, first)):
        changes = review.expire(held, a_pen(NOW))
        assert [one.kind for one in changes.events] == [EventKind.EXPIRED]
        assert len(changes.settled) == 2
        assert len(changes.outgoing) == 1


def test_an_ambassadors_own_mail_counts_as_written_by_them_once_it_is_approved() -> None:
    thread = a_thread(ALEX, CASEY)
    changes = review.approve(waits(an_item(to=Side.CANDIDATE), thread=thread), FOLLOWUP, a_pen(NOW))
    details = {one.kind: one.detail for one in changes.events}
    assert details[EventKind.AMBASSADOR_WROTE] == {"words": "4", "by": "alex"}
    assert changes.threads[0].state is ThreadState.ANSWERED
    assert changes.taught == ()


def test_a_decision_in_a_conversation_teaches_nothing_about_first_contacts() -> None:
    changes = review.decline(waits(an_item(), thread=a_thread(ALEX, CASEY)), "", a_pen(NOW))
    assert changes.taught == ()


@pytest.mark.parametrize("item", [an_item(OutgoingState.HELD, GATE), an_item(OutgoingState.SENT)])
def test_what_shows_its_author_or_is_gone_cannot_be_approved(item: OutboxItem) -> None:
    with pytest.raises(review.NotDecidable):
        review.approve(waits(item), FOLLOWUP, a_pen(NOW))


def test_a_warning_about_an_employer_is_no_doubt() -> None:
    assert was_doubted(an_item(OutgoingState.ASKED))
    assert not was_doubted(an_item(OutgoingState.ASKED, EMPLOYER))
    assert not was_doubted(an_item(OutgoingState.HELD))
