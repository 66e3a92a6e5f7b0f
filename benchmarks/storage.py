"""What storage costs: CPU and wall time of the common changes and look-ups, as a small table.

python -m benchmarks.storage [--rounds N] [--threads ROWS] [sqlite:///FILE | postgresql+psycopg://…]
"""

from __future__ import annotations

import argparse
import itertools
import secrets
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import claims, message_ids, outbox, people, rates, threads
from storage.changes import Decided, apply_all
from storage.database import Connection, Database
from storage.mint import Mint
from storage.records import (
    Ambassador,
    Candidate,
    Changes,
    Claim,
    Event,
    EventKind,
    MessageIds,
    Outgoing,
    OutgoingKind,
    OutgoingState,
    Settled,
    Side,
    Thread,
    ThreadState,
)

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MINT = Mint(secrets.token_bytes)
CONTENT = b"Subject: Hello\r\n\r\n" + b"Is it good to work there?\r\n" * 75  # 2 KB
BATCH = 10


_milliseconds = itertools.count()


def _now() -> datetime:
    """A clock by which a thousand things happen in a second: rows must not all bear one time."""
    return START + timedelta(milliseconds=next(_milliseconds))


class Arrivals:
    """Typical arrivals in one thread after the other."""

    def __init__(self, stored: Sequence[Thread]) -> None:
        self.threads = list(stored)
        self.number = 0

    def next(self) -> Decided:
        now = _now()
        place = self.number * 7919 % len(self.threads)  # here and there, as mail comes
        self.number += 1
        thread = self.threads[place]
        self.threads[place] = replace(thread, version=thread.version + 1)
        changes = Changes(
            threads=(replace(thread, last_candidate_at=now, due_at=now + timedelta(hours=24)),),
            message_ids=(_message_ids(thread, now),),
            outgoing=(_outgoing(thread, now),),
            events=(_event(thread, now), _event(thread, now)),
            claims=(Claim(f"received:{MINT.token()}", now + timedelta(days=1)),),
            hits=(f"sender:{thread.candidate_id}", f"thread:{thread.id}"),
        )
        return Decided(changes, now)


def _message_ids(thread: Thread, now: datetime) -> MessageIds:
    theirs, ours = f"<{MINT.token()}@mailer.test>", f"<{MINT.token()}@peers.example.test>"
    return MessageIds(thread.id, Side.CANDIDATE, theirs, ours, now)


def _outgoing(thread: Thread, now: datetime) -> Outgoing:
    return Outgoing(
        id=MINT.id(now),
        kind=OutgoingKind.RELAYED,
        recipient="alex.chen@corp.example.test",
        content=CONTENT,
        created_at=now,
        to=Side.AMBASSADOR,
        thread_id=thread.id,
        ambassador_id=thread.ambassador_id,
        return_token=MINT.token(),
    )


def _event(thread: Thread, now: datetime) -> Event:
    kind, detail = EventKind.CANDIDATE_WROTE, {"words": "120"}
    return Event(MINT.id(now), now, kind, thread.id, thread.ambassador_id, detail)


def fill(database: Database, number: int) -> list[Thread]:
    """Fifty ambassadors, and a candidate with one thread and a waiting message, `number` times."""
    now = _now()
    fellows = [
        Ambassador(
            MINT.id(now), f"a{MINT.token()}", "Alex Chen", (f"{MINT.token()}@corp.test",), now
        )
        for _ in range(50)
    ]
    with database.write() as c:
        apply_all(c, (Decided(Changes(ambassadors=tuple(fellows)), now),))
    stored: list[Thread] = []
    while len(stored) < number:
        size = min(5000, number - len(stored))
        guests = [
            Candidate(MINT.id(now), f"{MINT.token()}@mailer.test", "Casey", now)
            for _ in range(size)
        ]
        new = [_thread(fellows[place % 50], guest) for place, guest in enumerate(guests)]
        later = [replace(_outgoing(one, now), next_try=now + timedelta(days=1)) for one in new]
        changes = Changes(
            candidates=tuple(guests),
            threads=tuple(new),
            outgoing=tuple(later),
            message_ids=tuple(_message_ids(one, now) for one in new),
        )
        with database.write() as c:
            apply_all(c, (Decided(changes, now),))
        stored += [replace(one, version=1) for one in new]
    return stored


def _thread(fellow: Ambassador, guest: Candidate) -> Thread:
    now = _now()
    tokens = MINT.token(), MINT.token()
    due = now + timedelta(hours=24)
    return Thread(
        MINT.id(now), fellow.id, guest.id, *tokens, ThreadState.WAITING, now, now, due_at=due
    )


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
        now = _now()
        with database.write(durable=False) as c:
            leased = outbox.lease_all(c, ids, "bench", now, now + timedelta(minutes=1))
        assert len(leased) == number
        done.extend(ids)

    def settle(number: int) -> None:
        ids = [done.pop() for _ in range(number)]
        now = _now()
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
    yield "facts of one arrival (9 look-ups)", 1, facts


def _facts(c: Connection, thread: Thread) -> None:
    known = threads.by_guest_token(c, thread.guest_token)
    assert known is not None
    fellow = people.ambassador(c, known.ambassador_id)
    assert fellow is not None
    people.ambassador_by_mailbox(c, fellow.mailbox)
    people.candidate(c, known.candidate_id)
    message_ids.ours_by_theirs(c, known.id, Side.CANDIDATE, ["<a@b.test>", "<c@d.test>"])
    message_ids.last_known(c, known.id, Side.AMBASSADOR)
    claims.claimed(c, ["received:x", "notice:y"], START)
    rates.count(c, "sender:x", START)
    rates.count(c, "thread:y", START)


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
        database.close()


if __name__ == "__main__":
    main()
