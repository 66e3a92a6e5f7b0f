"""The thread's state machine follows its table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stores import NOW, a_candidate, a_thread, an_ambassador

from relay.threads.states import TRANSITIONS, NotPossible, ThreadEvent, advance, takes
from storage.records.threads import Stage, Thread, ThreadState

LATER = NOW + timedelta(hours=1)


def thread_in(state: ThreadState, **fields: object) -> Thread:
    return a_thread(an_ambassador(), a_candidate(), state=state, since=NOW, **fields)


def test_a_candidates_word_makes_a_new_thread_wait() -> None:
    moved = advance(thread_in(ThreadState.PENDING), ThreadEvent.CANDIDATE_WROTE, LATER)
    assert (moved.state, moved.since) == (ThreadState.WAITING, LATER)
    assert moved.last_candidate_at == LATER


def test_a_second_message_buys_no_delay() -> None:
    moved = advance(thread_in(ThreadState.WAITING), ThreadEvent.CANDIDATE_WROTE, LATER)
    assert (moved.state, moved.since) == (ThreadState.WAITING, NOW)


def test_an_answer_ends_the_waiting_and_the_counting_of_reminders() -> None:
    nudged = thread_in(ThreadState.NUDGED, nudges=3)
    moved = advance(nudged, ThreadEvent.AMBASSADOR_WROTE, LATER)
    assert (moved.state, moved.nudges, moved.stage) == (ThreadState.ANSWERED, 0, Stage.TALKING)


def test_an_answer_never_takes_a_stage_back() -> None:
    coffee = thread_in(ThreadState.WAITING, stage=Stage.COFFEE)
    assert advance(coffee, ThreadEvent.AMBASSADOR_WROTE, LATER).stage is Stage.COFFEE


def test_a_held_message_leaves_the_thread_where_it_is() -> None:
    for state in ThreadState:
        moved = advance(thread_in(state), ThreadEvent.HELD, LATER)
        assert (moved.state, moved.since) == (state, NOW)


def test_a_closed_thread_waits_again_when_the_candidate_writes() -> None:
    moved = advance(thread_in(ThreadState.CLOSED), ThreadEvent.CANDIDATE_WROTE, LATER)
    assert moved.state is ThreadState.WAITING


def test_nobody_is_reminded_of_an_answered_thread() -> None:
    answered = thread_in(ThreadState.ANSWERED)
    assert not takes(answered, ThreadEvent.NUDGE_DUE)
    with pytest.raises(NotPossible):
        advance(answered, ThreadEvent.NUDGE_DUE, LATER)


@given(events=st.lists(st.sampled_from(list(ThreadEvent)), max_size=30))
def test_whatever_happens_the_state_is_one_of_the_table_and_since_moves_with_it(
    events: list[ThreadEvent],
) -> None:
    thread, now = thread_in(ThreadState.PENDING), NOW
    for event in events:
        now += timedelta(minutes=1)
        if not takes(thread, event):
            continue
        moved = advance(thread, event, now)
        assert moved.state in TRANSITIONS
        anew = event in (ThreadEvent.PUT_OFF, ThreadEvent.HANDED_OVER)
        assert (moved.since == now) == (anew or moved.state is not thread.state)
        assert moved.nudges <= thread.nudges + (event is ThreadEvent.NUDGE_DUE)
        thread = moved
