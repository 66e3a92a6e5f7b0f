"""One writer for all: shared flushes, and everybody gets their own answer."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event
from stores import NOW, a_candidate, an_outgoing

from storage import claims, outbox, people
from storage.changes import apply
from storage.database import Connection, Database
from storage.failures import Conflict, Unavailable
from storage.records.changes import Changes
from storage.records.mail import OutgoingState, Settled
from storage.records.once import Claim
from storage.writer import Writer

DAY = timedelta(days=1)
LARGE = b"x" * 100_000


class Held:
    """Keeps the writer busy until it is let go, so that what comes meanwhile waits together."""

    def __init__(self, writer: Writer) -> None:
        self._go = threading.Event()
        started = threading.Event()

        def wait(_: Connection) -> None:
            started.set()
            self._go.wait()

        self.answer = writer.submit(wait)
        started.wait()

    def let_go(self) -> None:
        self._go.set()
        self.answer.result()


def commits(database: Database) -> list[object]:
    """Grows by one with each commit of `database`."""
    seen: list[object] = []
    event.listen(database.engine, "commit", seen.append)
    return seen


def test_changes_are_committed_and_answered_with_what_is_to_be_sent(
    database: Database, writer: Writer
) -> None:
    item = an_outgoing()
    assert writer.commit(Changes(outgoing=(item,)), NOW).result() == (item.id,)
    with database.read() as c:
        assert outbox.item(c, item.id) is not None


def test_one_flush_serves_many_who_wait(database: Database, writer: Writer) -> None:
    held = Held(writer)
    items = [an_outgoing() for _ in range(50)]
    answers = [writer.commit(Changes(outgoing=(item,)), NOW) for item in items]
    counted = commits(database)
    held.let_go()
    assert [answer.result() for answer in answers] == [(item.id,) for item in items]
    assert len(counted) == 2  # that of `held`, and one


def test_a_conflict_leaves_nothing_and_its_neighbours_are_committed(
    database: Database, writer: Writer
) -> None:
    writer.commit(Changes(claims=(Claim("taken", NOW + DAY),)), NOW).result()
    held = Held(writer)
    before, loser, after = a_candidate(), a_candidate(), a_candidate()
    taken = (Claim("taken", NOW + DAY),)
    answers = [
        writer.commit(Changes(candidates=(before,), claims=(Claim("a", NOW + DAY),)), NOW),
        writer.commit(Changes(candidates=(loser,), claims=taken, outgoing=(an_outgoing(),)), NOW),
        writer.commit(Changes(candidates=(after,), claims=(Claim("b", NOW + DAY),)), NOW),
    ]
    held.let_go()
    assert isinstance(answers[1].exception(), Conflict)
    assert [answers[0].result(), answers[2].result()] == [(), ()]
    with database.read() as c:
        found = [people.candidate(c, one.id) for one in (before, loser, after)]
        assert found == [before, None, after]
        assert outbox.waiting(c) == 0


def test_of_two_who_claim_the_same_in_one_flush_the_first_wins(
    database: Database, writer: Writer
) -> None:
    held = Held(writer)
    answers = [writer.commit(Changes(claims=(Claim("one", NOW + DAY),)), NOW) for _ in range(2)]
    held.let_go()
    assert answers[0].result() == ()
    assert isinstance(answers[1].exception(), Conflict)


def test_what_raises_undoes_itself_only(database: Database, writer: Writer) -> None:
    casey, robin = a_candidate(), a_candidate()

    def fail(c: Connection) -> None:
        apply(c, Changes(candidates=(casey,)), NOW)
        raise LookupError("not found")

    def work(c: Connection) -> str:
        apply(c, Changes(candidates=(robin,)), NOW)
        return "done"

    held = Held(writer)
    failed, done = writer.submit(fail), writer.submit(work)
    held.let_go()
    with pytest.raises(LookupError, match="not found"):
        failed.result()
    assert done.result() == "done"
    with database.read() as c:
        assert people.candidate(c, casey.id) is None
        assert people.candidate(c, robin.id) == robin


def test_a_failed_commit_reaches_all_who_wait(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(sqlite_database)
    held = Held(writer)
    answers = [writer.commit(Changes(outgoing=(an_outgoing(),)), NOW) for _ in range(2)]

    @event.listens_for(sqlite_database.engine, "commit")
    def fail(_: object) -> None:
        raise Unavailable("no space left")

    held._go.set()
    for answer in (held.answer, *answers):
        assert isinstance(answer.exception(), Unavailable)
    event.remove(sqlite_database.engine, "commit", fail)
    assert writer.submit(outbox.waiting).result() == 0
    writer.close()


def test_large_contents_are_spooled_before_the_transaction(
    database: Database, writer: Writer
) -> None:
    item = an_outgoing(content=LARGE)
    held = Held(writer)
    answer = writer.commit(Changes(outgoing=(item, an_outgoing())), NOW)
    assert len(list(database.spool.folder.iterdir())) == 1
    held.let_go()
    answer.result()
    with database.read() as c:
        found = outbox.item(c, item.id)
    assert found is not None
    assert found.outgoing.content == LARGE


def test_a_full_spool_reaches_only_the_one_who_needs_it(database: Database, writer: Writer) -> None:
    database.spool.folder.rmdir()
    held = Held(writer)
    large = writer.commit(Changes(outgoing=(an_outgoing(content=LARGE),)), NOW)
    small = writer.commit(Changes(outgoing=(an_outgoing(),)), NOW)
    held.let_go()
    assert isinstance(large.exception(), Unavailable)
    assert len(small.result()) == 1


def test_a_rolled_back_settling_keeps_its_file(database: Database, writer: Writer) -> None:
    item = an_outgoing(content=LARGE)
    writer.commit(Changes(outgoing=(item,), claims=(Claim("x", NOW + DAY),)), NOW).result()
    settled = (Settled(item.id, OutgoingState.SENT, NOW),)
    again = writer.commit(Changes(settled=settled, claims=(Claim("x", NOW + DAY),)), NOW)
    assert isinstance(again.exception(), Conflict)
    assert len(list(database.spool.folder.iterdir())) == 1
    writer.commit(Changes(settled=settled), NOW).result()
    assert list(database.spool.folder.iterdir()) == []


def test_who_is_patient_rides_with_the_next(database: Database, writer: Writer) -> None:
    counted = commits(database)
    patient = writer.commit(Changes(claims=(Claim("a", NOW + DAY),)), NOW, patience=60)
    hurried = writer.commit(Changes(claims=(Claim("b", NOW + DAY),)), NOW)
    assert hurried.result() == patient.result() == ()
    assert len(counted) == 1


def test_who_is_expected_is_waited_for(database: Database, writer: Writer) -> None:
    counted = commits(database)
    for _ in range(3):
        writer.expect()
    answers = []
    for _ in range(3):
        writer.arrived()
        answers.append(writer.commit(Changes(outgoing=(an_outgoing(),)), NOW))
    for answer in answers:
        answer.result()
    assert 1 <= len(counted) <= 3


def test_what_waits_is_written_before_the_writer_closes(database: Database) -> None:
    writer = Writer(database)
    held = Held(writer)
    answer = writer.commit(Changes(claims=(Claim("a", NOW + DAY),)), NOW, patience=60)
    held._go.set()
    writer.close()
    writer.close()
    assert answer.done()
    with database.read() as c:
        assert claims.claimed(c, ["a"], NOW) == {"a"}
    with pytest.raises(RuntimeError):
        writer.commit(Changes(), NOW)


def test_who_cancels_in_time_is_not_written(database: Database, writer: Writer) -> None:
    held = Held(writer)
    answer = writer.commit(Changes(claims=(Claim("a", NOW + DAY),)), NOW)
    assert answer.cancel()
    held.let_go()
    assert writer.submit(lambda c: claims.claimed(c, ["a"], NOW)).result() == frozenset()
