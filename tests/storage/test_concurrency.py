"""Many who write at once, in threads and in processes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import MINT, NOW, a_candidate, a_thread, an_ambassador, an_outgoing

from storage import claims, outbox, threads
from storage.changes import apply
from storage.database import Connection, Database
from storage.failures import Conflict
from storage.records.changes import Changes
from storage.records.once import Claim
from storage.records.threads import Thread
from storage.writer import Writer

DAY = timedelta(days=1)
Open = Callable[[str, Path], Database]


def again(database: Database, open_database: Open) -> Database:
    """Another process's view of the same database."""
    url = database.url.render_as_string(hide_password=False)
    return open_database(url, database.spool.folder)


def two_threads(database: Database) -> tuple[Thread, Thread]:
    alex, casey = an_ambassador(), a_candidate()
    new = (a_thread(alex, casey), a_thread(alex, casey))
    with database.write() as c:
        apply(c, Changes(ambassadors=(alex,), candidates=(casey,), threads=new), NOW)
    return replace(new[0], version=1), replace(new[1], version=1)


def test_of_many_who_advance_a_thread_one_wins_each_version(
    database: Database, open_database: Open
) -> None:
    thread, _ = two_threads(database)
    writers = [Writer(database), Writer(again(database, open_database))]

    def advance(number: int) -> int:
        writer = writers[number % 2]
        for attempt in range(1000):
            with database.read() as c:
                read = threads.thread(c, thread.id)
            assert read is not None
            changes = Changes(threads=(replace(read, nudges=read.nudges + 1),))
            try:
                writer.commit(changes, NOW).result()
            except Conflict:
                continue
            return attempt
        raise AssertionError("never got through")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(advance, range(12)))
    for writer in writers:
        writer.close()
    with database.read() as c:
        read = threads.thread(c, thread.id)
    assert read is not None
    assert (read.nudges, read.version) == (12, 13)


def test_one_claim_for_two_processes(database: Database, open_database: Open) -> None:
    writers = [Writer(database), Writer(again(database, open_database))]
    start = threading.Barrier(8)

    def claim(number: int) -> bool:
        start.wait()
        changes = Changes(claims=(Claim("once", NOW + DAY),), outgoing=(an_outgoing(),))
        try:
            writers[number % 2].commit(changes, NOW).result()
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(8))) == 1
    for writer in writers:
        writer.close()
    with database.read() as c:
        assert outbox.waiting(c) == 1


def test_who_waits_for_each_other_is_tried_again(
    postgresql_database: Database, open_database: Open
) -> None:
    first, second = two_threads(postgresql_database)
    meeting = threading.Barrier(2)
    tries: list[str] = []

    def in_order(one: Thread, other: Thread) -> Callable[[Connection], None]:
        def work(c: Connection) -> None:
            c.sql.exec_driver_sql("SET LOCAL deadlock_timeout = '20ms'")
            c.sql.exec_driver_sql("UPDATE threads SET nudges = nudges + 1 WHERE id = %s", (one.id,))
            tries.append(one.id)
            if tries.count(one.id) == 1:
                meeting.wait()
            c.sql.exec_driver_sql(
                "UPDATE threads SET nudges = nudges + 1 WHERE id = %s", (other.id,)
            )

        return work

    writers = [Writer(postgresql_database), Writer(again(postgresql_database, open_database))]
    answers = [
        writers[0].submit(in_order(first, second)),
        writers[1].submit(in_order(second, first)),
    ]
    for answer in answers:
        answer.result(timeout=30)
    for writer in writers:
        writer.close()
    assert len(tries) > 2  # one of the two had to begin again
    with postgresql_database.read() as c:
        assert [one.nudges for one in threads.listing(c)] == [2, 2]


@given(keys=st.lists(st.lists(st.sampled_from("abc"), max_size=2), max_size=6))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_in_bulk_comes_to_the_same_as_one_by_one(
    sqlite_database: Database, keys: list[list[str]]
) -> None:
    def wanted(kind: str) -> list[Changes]:
        run = f"{kind}{MINT.token()}"
        return [
            Changes(claims=tuple(Claim(f"{run}{key}", NOW + DAY) for key in each)) for each in keys
        ]

    writer = Writer(sqlite_database)
    busy = threading.Event()
    held = writer.submit(lambda _: busy.wait())
    together = [writer.commit(changes, NOW) for changes in wanted("bulk")]
    busy.set()
    held.result()
    bulk = [isinstance(answer.exception(), Conflict) for answer in together]
    alone = [
        isinstance(writer.commit(changes, NOW).exception(), Conflict) for changes in wanted("alone")
    ]
    writer.close()
    assert bulk == alone


@pytest.mark.parametrize("durable", [True, False])
def test_a_write_waits_for_the_other_process(
    database: Database, open_database: Open, durable: bool
) -> None:
    other = again(database, open_database)
    inside, go = threading.Event(), threading.Event()

    def occupy() -> None:
        with other.write() as c:
            apply(c, Changes(claims=(Claim("first", NOW + DAY),)), NOW)
            inside.set()
            go.wait()

    with ThreadPoolExecutor(2) as pool:
        occupied = pool.submit(occupy)
        inside.wait()

        def write() -> frozenset[str]:
            with database.write(durable) as c:
                apply(c, Changes(claims=(Claim("second", NOW + DAY),)), NOW)
                return claims.claimed(c, ["first", "second"], NOW)

        written = pool.submit(write)
        go.set()
        occupied.result()
        assert "second" in written.result()
