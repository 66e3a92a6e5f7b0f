"""Threads and the Message-IDs in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from stores import NOW, a_candidate, a_thread, an_ambassador, message_ids

from storage import loads, threads
from storage import message_ids as stored_ids
from storage.changes import apply
from storage.database import Database
from storage.failures import Conflict
from storage.records.changes import Changes
from storage.records.people import Side
from storage.records.threads import MessageIds, Stage, Thread, ThreadState

ALEX = an_ambassador("alex")
SAM = an_ambassador("sam")
CASEY = a_candidate()
HOUR = timedelta(hours=1)


def store(database: Database, *stored: Thread | MessageIds) -> None:
    changes = Changes(
        threads=tuple(one for one in stored if isinstance(one, Thread)),
        message_ids=tuple(one for one in stored if isinstance(one, MessageIds)),
    )
    with database.write() as c:
        apply(c, changes, NOW)


@pytest.fixture(autouse=True)
def _people(database: Database) -> None:
    with database.write() as c:
        apply(c, Changes(ambassadors=(ALEX, SAM), candidates=(CASEY,)), NOW)


def test_a_thread_comes_back_as_stored_and_its_version_counts(database: Database) -> None:
    thread = a_thread(
        ALEX,
        CASEY,
        state=ThreadState.NUDGED,
        stage=Stage.COFFEE,
        source="pycon",
        last_ambassador_at=NOW + HOUR,
        nudges=2,
        due_at=NOW + 2 * HOUR,
        backup_id=SAM.id,
    )
    store(database, thread)
    with database.read() as c:
        assert threads.thread(c, thread.id) == replace(thread, version=1)


def test_each_token_finds_its_own_side_only(database: Database) -> None:
    thread = a_thread(ALEX, CASEY)
    store(database, thread)
    stored = replace(thread, version=1)
    with database.read() as c:
        assert threads.by_peer_token(c, thread.peer_token.upper()) == stored
        assert threads.by_guest_token(c, thread.guest_token.upper()) == stored
        assert threads.by_peer_token(c, thread.guest_token) is None
        assert threads.by_guest_token(c, thread.peer_token) is None
        assert threads.by_peer_token(c, thread.peer_token[:-1] + "%") is None


def test_a_thread_is_taken_only_at_the_version_it_was_read_with(database: Database) -> None:
    thread = a_thread(ALEX, CASEY)
    store(database, thread)
    read = replace(thread, version=1)
    store(database, replace(read, state=ThreadState.ANSWERED))
    with pytest.raises(Conflict):
        store(database, replace(read, state=ThreadState.CLOSED))
    with pytest.raises(Conflict):
        store(database, replace(a_thread(ALEX, CASEY), version=1))
    with database.read() as c:
        kept = threads.thread(c, thread.id)
    assert kept == replace(read, state=ThreadState.ANSWERED, version=2)


def test_a_thread_that_is_handed_over_has_another_ambassador(database: Database) -> None:
    thread = a_thread(ALEX, CASEY)
    store(database, thread)
    handed = replace(thread, version=1, ambassador_id=SAM.id, former_ids=(ALEX.id,))
    store(database, handed)
    with database.read() as c:
        assert threads.thread(c, thread.id) == replace(handed, version=2)
        assert [one.id for one in threads.of_ambassador(c, SAM.id)] == [thread.id]


def test_the_newest_thread_of_two_people_is_between_them(database: Database) -> None:
    older = a_thread(ALEX, CASEY, opened_at=NOW - HOUR)
    newer = a_thread(ALEX, CASEY)
    store(database, newer, older, a_thread(SAM, CASEY, opened_at=NOW + HOUR))
    with database.read() as c:
        between = threads.between(c, ALEX.id, CASEY.id)
        assert between is not None
        assert between.id == newer.id
        assert threads.between(c, ALEX.id, "nobody") is None


def test_listings_begin_with_the_newest(database: Database) -> None:
    first = a_thread(ALEX, CASEY, opened_at=NOW - HOUR)
    second = a_thread(SAM, CASEY)
    store(database, first, second)
    with database.read() as c:
        assert [one.id for one in threads.listing(c)] == [second.id, first.id]
        assert [one.id for one in threads.listing(c, 1)] == [second.id]
        assert [one.id for one in threads.of_candidate(c, CASEY.id)] == [second.id, first.id]
        assert [one.id for one in threads.of_ambassador(c, ALEX.id)] == [first.id]


def test_a_thread_is_due_from_its_moment_on_and_the_longest_overdue_comes_first(
    database: Database,
) -> None:
    late = a_thread(ALEX, CASEY, due_at=NOW - HOUR)
    now = a_thread(ALEX, CASEY, due_at=NOW)
    soon = a_thread(ALEX, CASEY, due_at=NOW + HOUR)
    store(database, soon, now, late, a_thread(ALEX, CASEY))
    with database.read() as c:
        assert [one.id for one in threads.due(c, NOW, 10)] == [late.id, now.id]
        assert [one.id for one in threads.due(c, NOW, 1)] == [late.id]


def test_threads_opened_since_a_moment_are_counted_for_each_ambassador(database: Database) -> None:
    store(database, *(a_thread(ALEX, CASEY, opened_at=NOW - hours * HOUR) for hours in range(3)))
    with database.read() as c:
        assert loads.opened_since(c, ALEX.id, NOW - HOUR) == 2
        assert loads.opened_since(c, SAM.id, NOW - HOUR) == 0


def test_a_thread_counts_as_reached_once_the_first_message_was_let_through(
    database: Database,
) -> None:
    held = a_thread(ALEX, CASEY, state=ThreadState.PENDING, last_candidate_at=None)
    old = a_thread(ALEX, CASEY, opened_at=NOW - 2 * HOUR)
    reached = a_thread(ALEX, CASEY)
    store(database, held, old, reached)
    with database.read() as c:
        assert loads.reached_since(c, ALEX.id, NOW - HOUR) == (NOW,)


def test_open_is_what_waits_and_what_was_answered_lately(database: Database) -> None:
    def spoken(state: ThreadState, candidate: int, ambassador: int | None) -> Thread:
        answered = None if ambassador is None else NOW - ambassador * HOUR
        words = {"last_candidate_at": NOW - candidate * HOUR, "last_ambassador_at": answered}
        return a_thread(ALEX, CASEY, state=state, **words)

    store(
        database,
        spoken(ThreadState.WAITING, 5, None),
        spoken(ThreadState.ANSWERED, 3, 2),
        spoken(ThreadState.ANSWERED, 9, 8),
        spoken(ThreadState.CLOSED, 1, 1),
        a_thread(ALEX, CASEY, state=ThreadState.PENDING, last_candidate_at=None),
    )
    with database.read() as c:
        words = loads.last_words(c, ALEX.id, NOW - 4 * HOUR)
        assert words == (NOW - 5 * HOUR, NOW - 2 * HOUR)
        assert loads.last_words(c, SAM.id, NOW - 4 * HOUR) == ()


def test_message_ids_are_found_both_ways_within_their_thread_and_author(
    database: Database,
) -> None:
    thread, other = a_thread(ALEX, CASEY), a_thread(SAM, CASEY)
    asked = message_ids(thread)
    answered = message_ids(thread, author=Side.AMBASSADOR)
    store(database, thread, other, asked, answered)
    everything = [asked.theirs, asked.ours, answered.theirs, answered.ours, "<unknown@x.test>"]
    with database.read() as c:
        of_candidate = stored_ids.counterparts(c, thread.id, Side.CANDIDATE, everything)
        of_ambassador = stored_ids.counterparts(c, thread.id, Side.AMBASSADOR, everything)
        assert of_candidate == {asked.theirs: asked.ours, answered.ours: answered.theirs}
        assert of_ambassador == {asked.ours: asked.theirs, answered.theirs: answered.ours}
        assert stored_ids.counterparts(c, other.id, Side.CANDIDATE, everything) == {}
        assert stored_ids.counterparts(c, thread.id, Side.CANDIDATE, []) == {}


def test_each_side_knows_the_newest_message_by_another_id(database: Database) -> None:
    thread = a_thread(ALEX, CASEY)
    newest = message_ids(thread, at=NOW + HOUR)
    store(database, thread, newest, message_ids(thread))
    with database.read() as c:
        assert stored_ids.last_known(c, thread.id, Side.CANDIDATE) == newest.theirs
        assert stored_ids.last_known(c, thread.id, Side.AMBASSADOR) == newest.ours
        assert stored_ids.last_known(c, "unknown", Side.AMBASSADOR) == ""


def test_a_program_that_repeats_its_message_id_is_no_conflict(database: Database) -> None:
    thread = a_thread(ALEX, CASEY)
    first = message_ids(thread, theirs="<same@mailer.test>")
    again = message_ids(thread, theirs="<same@mailer.test>", at=NOW + HOUR)
    store(database, thread, again, first)
    with database.read() as c:
        ours = stored_ids.counterparts(c, thread.id, Side.CANDIDATE, ["<same@mailer.test>"])
    assert ours == {"<same@mailer.test>": again.ours}
