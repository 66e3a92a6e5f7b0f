"""What storage costs: CPU and wall time of the common changes and look-ups, as a small table.

    python -m benchmarks.storage [--rounds N] [--threads ROWS] [URL]

URL names an empty database; without one it is an SQLite file below /tmp. The last line is of twenty
threads that commit through one writer: how many messages share a flush.
"""

from __future__ import annotations

import argparse
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import event

from benchmarks.population import START, Arrivals, fill, tick
from storage import blocks, claims, concerned, leases, message_ids, outbox, rates
from storage.changes import Decided, apply_all
from storage.database import Connection, Database
from storage.records.changes import Changes
from storage.records.mail import OutgoingState, Settled
from storage.records.people import Side
from storage.records.threads import Thread
from storage.writer import Writer

BATCH = 10
SENDERS = 20


def measure(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """CPU and wall milliseconds of one call, best of three series."""
    best = (float("inf"), float("inf"))
    for _ in range(3):
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(rounds):
            work()
        spent = time.process_time() - cpu, time.perf_counter() - wall
        best = min(best, (spent[0] * 1000 / rounds, spent[1] * 1000 / rounds))
    return best


def cases(
    database: Database, stored: list[Thread]
) -> Iterable[tuple[str, int, Callable[[], object]]]:
    """A name, how many messages one call stands for, and the call."""
    arrivals = Arrivals(stored)
    sent: list[str] = []

    def arrive(number: int) -> None:
        batch = [arrivals.next() for _ in range(number)]
        with database.write() as c:
            sent.extend(one for ids in apply_all(c, batch) for one in ids)

    def lease(number: int) -> None:
        ids = [sent.pop() for _ in range(number)]
        now = tick()
        with database.write(durable=False) as c:
            leased = leases.lease_all(c, ids, "bench", now, now + timedelta(minutes=1))
        assert len(leased) == number
        done.extend(ids)

    def settle(number: int) -> None:
        ids = [done.pop() for _ in range(number)]
        now = tick()
        settled = tuple(Settled(one, OutgoingState.SENT, now) for one in ids)
        with database.write() as c:
            apply_all(c, (Decided(Changes(settled=settled), now),))

    def facts() -> None:
        thread = stored[arrivals.number * 7919 % len(stored)]
        arrivals.number += 1
        with database.read() as c:
            _facts(c, thread)

    done: list[str] = []
    yield "arrival, alone", 1, lambda: arrive(1)
    yield f"arrival, {BATCH} together", BATCH, lambda: arrive(BATCH)
    yield "lease, alone", 1, lambda: lease(1)
    yield f"lease, {BATCH} together", BATCH, lambda: lease(BATCH)
    yield "settle, alone", 1, lambda: settle(1)
    yield f"settle, {BATCH} together", BATCH, lambda: settle(BATCH)
    yield "facts of one arrival (7 look-ups)", 1, facts


def _facts(c: Connection, thread: Thread) -> None:
    known = concerned.by_guest_token(c, thread.guest_token, "alex@corp.example.test")
    assert known.thread is not None
    message_ids.counterparts(c, thread.id, Side.CANDIDATE, ["<a@b.test>", "<c@d.test>"])
    message_ids.last_known(c, thread.id, Side.AMBASSADOR)
    claims.claimed(c, ["received:x", "notice:y"], START)
    rates.lately(c, ["sender:x", "thread:y"], START)
    blocks.blocked(c, "casey@mailer.test", thread.ambassador_id)
    outbox.held_in_thread(c, thread.id)


def share(database: Database, stored: list[Thread], seconds: float) -> None:
    """Print what twenty senders reach together who wait for each of their commits."""
    flushes: list[object] = []
    event.listen(database.engine, "commit", flushes.append)
    writer = Writer(database)
    waited: list[float] = []
    stop = time.monotonic() + seconds

    def send(place: int) -> None:
        arrivals = Arrivals(stored[place::SENDERS])
        while time.monotonic() < stop:
            decided = arrivals.next()
            started = time.perf_counter()
            writer.commit(decided.changes, decided.now).result()
            waited.append(time.perf_counter() - started)

    senders = [threading.Thread(target=send, args=(place,)) for place in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    writer.close()
    waited.sort()
    middle, late = waited[len(waited) // 2] * 1000, waited[len(waited) * 99 // 100] * 1000
    print(
        f"{SENDERS} senders, one writer: {len(waited) / seconds:.0f} messages/s,"
        f" {len(flushes) / len(waited):.2f} flushes each, p50 {middle:.1f} ms, p99 {late:.1f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url", nargs="?")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{folder}/bench.db"
        database = Database(url, secrets.token_bytes(32), Path(folder) / "spool")
        database.migrate()
        stored = fill(database, options.threads)
        print(f"{database.url.get_backend_name()}, {options.threads} threads and waiting messages")
        print(f"{'a message':36}{'CPU ms':>10}{'wall ms':>10}")
        for name, messages, work in cases(database, stored):
            cpu, wall = measure(work, options.rounds // messages or 1)
            print(f"{name:36}{cpu / messages:10.3f}{wall / messages:10.3f}")
        share(database, fill(database, 1000), seconds=3.0)
        database.close()


if __name__ == "__main__":
    main()
