"""No look-up that a message or a sweep needs goes through a whole table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from stores import NOW, a_thread, an_ambassador, an_outgoing

from storage import (
    blocks,
    claims,
    concerned,
    digests,
    events,
    leases,
    lessons,
    likenesses,
    loads,
    message_ids,
    outbox,
    people,
    purge,
    rates,
    requests,
    threads,
)
from storage.changes import apply
from storage.database import Connection, Database
from storage.records.changes import Changes
from storage.records.mail import OutgoingState, Settled
from storage.records.once import Claim
from storage.records.people import Side

LATER = NOW + timedelta(minutes=1)
YEARS = timedelta(days=730)

LOOKUPS: dict[str, Callable[[Connection], object]] = {
    "an ambassador by id": lambda c: people.ambassador(c, "a"),
    "an ambassador by name": lambda c: people.ambassador_by_name(c, "alex"),
    "who are concerned, by name": lambda c: concerned.by_name(c, "alex", "a@b.test"),
    "who are concerned, by a token": lambda c: concerned.by_peer_token(c, "p", "a@b.test"),
    "who are concerned, by the other token": lambda c: concerned.by_guest_token(c, "g", "a@b.test"),
    "who are concerned, by a thread": lambda c: concerned.by_thread(c, "t", "a@b.test"),
    "ambassadors by topic": lambda c: people.ambassadors_by_topic(c, "python"),
    "a candidate by id": lambda c: people.candidate(c, "c"),
    "a candidate by address": lambda c: people.candidate_by_address(c, "a@b.test"),
    "a thread by id": lambda c: threads.thread(c, "t"),
    "a thread by the candidate's token": lambda c: threads.by_peer_token(c, "p"),
    "a thread by the ambassador's token": lambda c: threads.by_guest_token(c, "g"),
    "the thread between two": lambda c: threads.between(c, "a", "c"),
    "threads of a candidate": lambda c: threads.of_candidate(c, "c"),
    "threads of an ambassador": lambda c: threads.of_ambassador(c, "a"),
    "due threads": lambda c: threads.due(c, NOW, 10),
    "threads opened since": lambda c: loads.opened_since(c, "a", NOW),
    "threads that reached an ambassador": lambda c: loads.reached_since(c, "a", NOW),
    "open threads of an ambassador": lambda c: loads.last_words(c, "a", NOW),
    "a question": lambda c: requests.request(c, "t", NOW),
    "whether somebody is blocked": lambda c: blocks.blocked(c, "a@b.test", "a"),
    "message ids": lambda c: message_ids.counterparts(c, "t", Side.CANDIDATE, ["<a@b>"]),
    "the last message id": lambda c: message_ids.last_known(c, "t", Side.CANDIDATE),
    "an item": lambda c: outbox.item(c, "i"),
    "an item by return token": lambda c: outbox.by_return_token(c, "r"),
    "held items": outbox.held,
    "held items of a thread": lambda c: outbox.held_in_thread(c, "t"),
    "held items that expired": lambda c: outbox.held_expired(c, NOW, 10),
    "the queue": lambda c: outbox.queue(c, 10),
    "how many wait": outbox.waiting,
    "whether any is due": lambda c: outbox.any_due(c, NOW),
    "waking": lambda c: outbox.wake(c, NOW, 10, LATER),
    "leasing": lambda c: leases.lease(c, "i", "me", NOW, LATER),
    "renewing": lambda c: leases.renew(c, "me", LATER),
    "releasing": lambda c: leases.release(c, "me", NOW),
    "recovering": lambda c: leases.recover(c, NOW),
    "copies": lambda c: likenesses.near(c, [1, 2], NOW, ["t"]),
    "a lesson": lambda c: lessons.unlearn(c, ["t"]),
    "digests": lambda c: digests.due(c, NOW, 10),
    "claims": lambda c: claims.claimed(c, ["k"], NOW),
    "a count": lambda c: rates.count(c, "k", NOW),
    "counts": lambda c: rates.lately(c, ["k", "l"], NOW),
    "events of a period": lambda c: list(events.between(c, NOW, LATER)),
    "purging": lambda c: purge.purge(c, NOW + YEARS, timedelta(days=1), timedelta(days=1)),
    "settling": lambda c: apply(c, SETTLED, NOW),
    "saving a thread": lambda c: apply(c, THREAD, NOW),
    "claiming": lambda c: apply(c, Changes(claims=(Claim("k", LATER),)), NOW),
    "forgetting": lambda c: apply(c, Changes(forgotten=("c",)), NOW),
}
ALEX = an_ambassador(id="a")
ITEM = an_outgoing(id="i")
SETTLED = Changes(settled=(Settled("i", OutgoingState.SENT, NOW, keep_content=True),))
THREAD = Changes(threads=(a_thread("a", "", id="new"),))
# These may be walked from end to end: a partial index, what is as short as the staff list, and the
# one row that others are joined to.
SHORT = ("ix_outbox_held", "ix_outbox_failed", "SCAN topics", "SCAN one", "SCAN CONSTANT ROW")


@pytest.mark.parametrize("name", LOOKUPS)
def test_it_uses_an_index(sqlite_database: Database, name: str) -> None:
    said: list[tuple[str, Any]] = []

    @event.listens_for(sqlite_database.engine, "before_cursor_execute")
    def note(*told: Any) -> None:
        said.append((told[2], told[3]))

    with sqlite_database.write() as c:
        apply(c, Changes(ambassadors=(ALEX,), outgoing=(ITEM,)), NOW)
        said.clear()
        LOOKUPS[name](c)
        raw = c.sql.connection.driver_connection
        assert raw is not None
        plans = [
            (statement, row[3])
            for statement, values in said
            for row in raw.execute(
                f"EXPLAIN QUERY PLAN {statement}", values[0] if isinstance(values, list) else values
            )
        ]
    assert said
    walked = [plan for plan in plans if plan[1].startswith("SCAN")]
    assert [plan for plan in walked if not any(one in plan[1] for one in SHORT)] == []
