"""A program that has run for a while, and the mail that keeps coming, for benchmarks of storage."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage.changes import Decided, apply_all
from storage.database import Database
from storage.mint import Mint
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.mail import Outgoing, OutgoingKind
from storage.records.once import Claim
from storage.records.people import Ambassador, Candidate, Side
from storage.records.threads import MessageIds, Thread, ThreadState

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MINT = Mint(secrets.token_bytes)
CONTENT = b"Subject: Hello\r\n\r\n" + b"Is it good to work there?\r\n" * 75  # 2 KB
_milliseconds = itertools.count()


def tick() -> datetime:
    """A clock by which a thousand things happen in a second: rows must not all bear one time."""
    return START + timedelta(milliseconds=next(_milliseconds))


class Arrivals:
    """Typical arrivals in one thread after the other."""

    def __init__(self, stored: Sequence[Thread]) -> None:
        self.threads = list(stored)
        self.number = 0

    def next(self) -> Decided:
        now = tick()
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
    now = tick()
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
    now = tick()
    tokens = MINT.token(), MINT.token()
    due = now + timedelta(hours=24)
    return Thread(
        MINT.id(now), fellow.id, guest.id, *tokens, ThreadState.WAITING, now, now, due_at=due
    )
