"""Changes are written whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from stores import (
    NOW,
    a_candidate,
    a_thread,
    an_ambassador,
    an_event,
    an_outgoing,
    message_ids,
)

from storage import claims, events, outbox, people, rates, threads
from storage import message_ids as stored_ids
from storage.changes import apply
from storage.database import Connection, Database
from storage.failures import Conflict
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.mail import OutgoingState, Settled
from storage.records.once import Claim
from storage.records.people import Side
from storage.records.threads import ThreadState

ALEX = an_ambassador()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def write(database: Database, changes: Changes) -> tuple[str, ...]:
    with database.write() as c:
        return apply(c, changes, NOW)


def test_all_of_a_first_contact_is_written_in_one_go(database: Database) -> None:
    casey = a_candidate()
    thread = a_thread(ALEX, casey)
    item = an_outgoing(thread_id=thread.id)
    due = write(
        database,
        Changes(
            ambassadors=(ALEX,),
            candidates=(casey,),
            threads=(thread,),
            message_ids=(message_ids(thread),),
            outgoing=(item,),
            events=(an_event(thread_id=thread.id),),
            claims=(Claim("received:1", NOW + DAY),),
            hits=("sender",),
        ),
    )
    assert due == (item.id,)
    with database.read() as c:
        assert people.candidate(c, casey.id) == casey
        assert threads.thread(c, thread.id) == replace(thread, version=1)
        assert outbox.waiting(c) == 1
        assert claims.claimed(c, ("received:1", "received:2"), NOW) == {"received:1"}
        assert rates.count(c, "sender", NOW) == 1
        assert len(list(events.between(c, NOW, NOW + HOUR))) == 1


def test_nothing_is_written_of_what_conflicts(database: Database) -> None:
    casey = a_candidate()
    write(database, Changes(ambassadors=(ALEX,), claims=(Claim("taken", NOW + DAY),)))
    with pytest.raises(Conflict):
        write(database, Changes(candidates=(casey,), claims=(Claim("taken", NOW + DAY),)))
    with database.read() as c:
        assert people.candidate(c, casey.id) is None


def test_what_names_somebody_who_is_gone_is_a_conflict(database: Database) -> None:
    write(database, Changes(ambassadors=(ALEX,)))
    with pytest.raises(Conflict):
        write(database, Changes(threads=(a_thread(ALEX, "gone"),)))
    with pytest.raises(Conflict):
        write(database, Changes(message_ids=(message_ids("gone"),)))


def test_a_token_belongs_to_one_thread(database: Database) -> None:
    casey = a_candidate()
    thread = a_thread(ALEX, casey)
    write(database, Changes(ambassadors=(ALEX,), candidates=(casey,), threads=(thread,)))
    other = a_thread(ALEX, casey, guest_token=thread.guest_token)
    with pytest.raises(Conflict):
        write(database, Changes(threads=(other,)))


def test_a_claim_is_for_one_until_it_expires(database: Database) -> None:
    write(database, Changes(claims=(Claim("once", NOW + HOUR),)))
    with pytest.raises(Conflict):
        write(database, Changes(claims=(Claim("once", NOW + DAY),)))
    with database.write() as c:
        apply(c, Changes(claims=(Claim("once", NOW + DAY),)), NOW + HOUR)
        assert claims.claimed(c, ["once"], NOW + 2 * HOUR) == {"once"}
        assert claims.claimed(c, ["once"], NOW + DAY) == frozenset()
        assert claims.claimed(c, [], NOW) == frozenset()


def test_the_same_claim_twice_in_one_go_is_a_conflict(database: Database) -> None:
    with pytest.raises(Conflict):
        write(database, Changes(claims=(Claim("once", NOW + DAY), Claim("once", NOW + DAY))))


def test_hits_are_counted_by_key_and_minute(database: Database) -> None:
    write(database, Changes(hits=("a", "b", "a")))
    with database.write() as c:
        apply(c, Changes(hits=("a",)), NOW + HOUR)
        assert rates.count(c, "a", NOW) == 3
        assert rates.count(c, "a", NOW + timedelta(minutes=1)) == 1
        assert rates.count(c, "b", NOW) == 1
        assert rates.count(c, "c", NOW) == 0


def test_events_come_in_order_and_within_their_period(database: Database) -> None:
    happened = tuple(
        an_event(at=NOW + number * HOUR, detail={"n": str(number)}) for number in range(5)
    )
    write(database, Changes(events=tuple(reversed(happened))))
    with database.read() as c:
        assert tuple(events.between(c, NOW + HOUR, NOW + 4 * HOUR)) == happened[1:4]


def test_more_events_than_a_page_come_whole_and_once(database: Database) -> None:
    happened = tuple(an_event() for _ in range(4500))
    write(database, Changes(events=happened))
    with database.read() as c:
        ids = [event.id for event in events.between(c, NOW, NOW + HOUR)]
    assert ids == sorted(event.id for event in happened)


def a_conversation(database: Database) -> tuple[str, str]:
    """Casey and Alex have written, a notice went to Casey; ids of the candidate and the thread."""
    casey = a_candidate("casey@mailer.test")
    thread = a_thread(ALEX, casey, due_at=NOW + DAY)
    write(
        database,
        Changes(
            ambassadors=(ALEX,),
            candidates=(casey,),
            threads=(thread,),
            message_ids=(message_ids(thread),),
            outgoing=(
                an_outgoing(thread_id=thread.id, content=b"x" * 100_000),
                an_outgoing(thread_id=thread.id, to=Side.CANDIDATE, recipient=casey.address),
                an_outgoing(to=None, recipient="Casey@MAILER.test"),
                an_outgoing(to=None, recipient="hr@corp.example.test"),
            ),
            events=(an_event(EventKind.CONTACTED, thread_id=thread.id),),
        ),
    )
    return casey.id, thread.id


def test_who_is_forgotten_leaves_only_figures(database: Database) -> None:
    casey_id, thread_id = a_conversation(database)
    farewell = an_outgoing(to=None, recipient="casey@mailer.test")
    assert write(database, Changes(forgotten=(casey_id,), outgoing=(farewell,))) == (farewell.id,)
    with database.read() as c:
        assert people.candidate(c, casey_id) is None
        assert people.candidate_by_address(c, "casey@mailer.test") is None
        thread = threads.thread(c, thread_id)
        assert thread is not None
        assert (thread.candidate_id, thread.state, thread.due_at) == ("", ThreadState.CLOSED, None)
        assert stored_ids.last_known(c, thread_id, Side.AMBASSADOR) == ""
        left = {one.outgoing.recipient for one in outbox.queue(c)}
        assert left == {"hr@corp.example.test", farewell.recipient}
        assert len(list(events.between(c, NOW, NOW + DAY))) == 1
    assert list(database.spool.folder.iterdir()) == []


def test_what_was_decided_before_somebody_was_forgotten_is_a_conflict(database: Database) -> None:
    casey_id, thread_id = a_conversation(database)
    with database.read() as c:
        thread = threads.thread(c, thread_id)
        (item, *_) = (one for one in outbox.queue(c) if one.outgoing.thread_id)
    assert thread is not None
    write(database, Changes(forgotten=(casey_id,)))
    with pytest.raises(Conflict):
        write(database, Changes(threads=(thread,)))
    settled = Settled(item.outgoing.id, OutgoingState.SENT, NOW)
    with pytest.raises(Conflict):
        write(database, Changes(settled=(settled,)))


def test_others_keep_what_is_theirs(database: Database) -> None:
    casey_id, _ = a_conversation(database)
    robin = a_candidate("robin@mailer.test")
    thread = a_thread(ALEX, robin)
    pair = message_ids(thread)
    item = an_outgoing(thread_id=thread.id)
    kept = Changes(candidates=(robin,), threads=(thread,), message_ids=(pair,), outgoing=(item,))
    write(database, kept)
    write(database, Changes(forgotten=(casey_id,)))

    def look(c: Connection) -> tuple[object, ...]:
        return (
            people.candidate_by_address(c, "robin@mailer.test"),
            threads.thread(c, thread.id),
            stored_ids.last_known(c, thread.id, Side.CANDIDATE),
        )

    with database.read() as c:
        assert look(c) == (robin, replace(thread, version=1), pair.theirs)
        found = outbox.item(c, item.id)
        assert found is not None
        assert found.outgoing.content == item.content


def test_a_notice_that_goes_out_once_is_stored_once(database: Database) -> None:
    once = Claim("notice:kind:somebody:2026-03-02", NOW + DAY)
    first, second = (an_outgoing(id=name, once=once) for name in ("one", "two"))
    with database.write() as c:
        assert apply(c, Changes(outgoing=(first,)), NOW) == ("one",)
        assert apply(c, Changes(outgoing=(second, an_outgoing(id="other"))), NOW) == ("other",)
        assert outbox.item(c, "two") is None
        assert apply(c, Changes(outgoing=(replace(second, id="three"),)), NOW + DAY) == ("three",)
