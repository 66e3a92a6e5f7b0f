"""What has had its time goes, and nothing else."""

from __future__ import annotations

import os
from datetime import timedelta

from stores import NOW, a_candidate, a_thread, an_ambassador, an_event, an_outgoing, message_ids

from storage import claims, events, outbox, people, rates, threads
from storage import message_ids as stored_ids
from storage.changes import apply
from storage.database import Database
from storage.purge import SETTLED_KEPT, purge, sweep_spool
from storage.records.changes import Changes
from storage.records.mail import OutgoingState, Settled
from storage.records.once import Claim
from storage.records.people import Side

DAY = timedelta(days=1)
YEARS = timedelta(days=730)
SECOND = timedelta(seconds=1)


def write(database: Database, changes: Changes) -> None:
    with database.write() as c:
        apply(c, changes, NOW)


def test_claims_and_counts_go_when_they_are_over(database: Database) -> None:
    write(database, Changes(claims=(Claim("a", NOW + DAY),), hits=("key",)))
    with database.write() as c:
        assert purge(c, NOW + DAY - SECOND, YEARS) == 0
        assert purge(c, NOW + DAY + timedelta(minutes=1), YEARS) == 2
        assert claims.claimed(c, ["a"], NOW) == frozenset()
        assert rates.count(c, "key", NOW) == 0


def test_settled_mail_stays_as_long_as_it_may_bounce(database: Database) -> None:
    sent, queued = an_outgoing(), an_outgoing()
    write(database, Changes(outgoing=(sent, queued)))
    write(database, Changes(settled=(Settled(sent.id, OutgoingState.SENT, NOW),)))
    with database.write() as c:
        assert purge(c, NOW + SETTLED_KEPT - SECOND, YEARS) == 0
        assert outbox.by_return_token(c, sent.return_token) is not None
        assert purge(c, NOW + SETTLED_KEPT, YEARS) == 1
        assert outbox.by_return_token(c, sent.return_token) is None
        assert outbox.item(c, queued.id) is not None


def test_kept_content_goes_after_its_time(database: Database) -> None:
    item = an_outgoing(content=b"x" * 100_000)
    settled = Settled(item.id, OutgoingState.SENT, NOW, keep_content=True)
    write(database, Changes(outgoing=(item,)))
    write(database, Changes(settled=(settled,)))
    with database.write() as c:
        assert purge(c, NOW + 3 * DAY - SECOND, YEARS, 3 * DAY) == 0
        assert purge(c, NOW + 3 * DAY, YEARS, 3 * DAY) == 1
    with database.read() as c:
        found = outbox.item(c, item.id)
        assert found is not None
        assert found.outgoing.content == b""
    assert list(database.spool.folder.iterdir()) == []


def test_old_threads_go_with_all_that_is_theirs(database: Database) -> None:
    alex, casey, robin = an_ambassador(), a_candidate(), a_candidate()
    old = a_thread(alex, casey)
    lively = a_thread(alex, robin, last_ambassador_at=NOW + DAY)
    item = an_outgoing(thread_id=old.id)
    write(
        database,
        Changes(
            ambassadors=(alex,),
            candidates=(casey, robin),
            threads=(old, lively),
            message_ids=(message_ids(old),),
            outgoing=(item,),
            events=(an_event(thread_id=old.id), an_event(at=NOW + DAY)),
        ),
    )
    with database.write() as c:
        assert purge(c, NOW + YEARS, YEARS) == 0
        assert purge(c, NOW + YEARS + SECOND, YEARS) == 2  # a thread and an event
        assert threads.thread(c, old.id) is None
        assert stored_ids.last_known(c, old.id, Side.CANDIDATE) == ""
        assert people.candidate(c, casey.id) is None
        assert outbox.item(c, item.id) is None
        assert threads.thread(c, lively.id) is not None
        assert people.candidate(c, robin.id) is not None
        assert len(list(events.between(c, NOW, NOW + YEARS))) == 1


def test_a_portion_at_a_time_until_nothing_is_left(database: Database) -> None:
    write(database, Changes(claims=tuple(Claim(f"{number}", NOW) for number in range(1500))))
    with database.write() as c:
        assert [purge(c, NOW, YEARS) for _ in range(3)] == [1000, 500, 0]


def test_files_that_nothing_names_are_swept_when_they_are_old(database: Database) -> None:
    item = an_outgoing(content=b"x" * 100_000)
    write(database, Changes(outgoing=(item,)))
    (kept,) = database.spool.folder.iterdir()
    orphan = database.spool.folder / database.spool.write([b"left by a crash"])
    fresh = database.spool.folder / database.spool.write([b"about to be named"])
    long_ago = (NOW - DAY).timestamp()
    os.utime(kept, (long_ago, long_ago))
    os.utime(orphan, (long_ago, long_ago))
    os.utime(fresh, (NOW.timestamp(), NOW.timestamp()))
    with database.read() as c:
        assert sweep_spool(c, NOW) == 1
        assert sweep_spool(c, NOW) == 0
    assert set(database.spool.folder.iterdir()) == {kept, fresh}


def test_metadata_may_go_before_the_threads(database: Database) -> None:
    alex, casey = an_ambassador(), a_candidate()
    thread = a_thread(alex, casey)
    old, new = an_event(at=NOW - 40 * DAY), an_event()
    write(
        database,
        Changes(ambassadors=(alex,), candidates=(casey,), threads=(thread,), events=(old, new)),
    )
    with database.write() as c:
        purge(c, NOW, YEARS, keep_events=30 * DAY)
        assert [one.id for one in events.between(c, NOW - 99 * DAY, NOW + DAY)] == [new.id]
        assert threads.thread(c, thread.id) is not None
