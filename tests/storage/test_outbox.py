"""Mail on its way: leases, wake-up calls, settling."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from stores import NOW, an_outgoing

from storage import leases, outbox
from storage.changes import apply
from storage.database import Connection, Database
from storage.failures import Conflict
from storage.items import TOLD_FOR
from storage.records.changes import Changes
from storage.records.mail import OutboxItem, Outgoing, OutgoingKind, OutgoingState, Reason, Settled
from storage.records.people import Side

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LARGE = b"Subject: Large\r\n\r\n" + b"x" * 100_000


def store(database: Database, *stored: Outgoing, now: datetime = NOW) -> tuple[str, ...]:
    with database.write() as c:
        return apply(c, Changes(outgoing=stored), now)


def settle(database: Database, item: Outgoing, state: OutgoingState, **fields: object) -> None:
    settled = Settled(item.id, state, NOW, **fields)  # type: ignore[arg-type]
    with database.write() as c:
        apply(c, Changes(settled=(settled,)), NOW)


def read(database: Database, item: Outgoing) -> OutboxItem:
    with database.read() as c:
        found = outbox.item(c, item.id)
    assert found is not None
    return found


def lease(database: Database, item: Outgoing, now: datetime = NOW) -> OutboxItem | None:
    with database.write() as c:
        return leases.lease(c, item.id, "me", now, now + MINUTE)


@pytest.mark.parametrize("content", [b"Subject: \xff\r\n\r\nBytes\x00\r\n", LARGE])
def test_an_item_comes_back_as_stored(database: Database, content: bytes) -> None:
    item = an_outgoing(
        kind=OutgoingKind.NOTICE,
        content=content,
        to=Side.CANDIDATE,
        thread_id="a thread",
        ambassador_id="alex",
        smtputf8=True,
        state=OutgoingState.HELD,
        next_try=NOW,
        expires_at=NOW + HOUR,
        reasons=(Reason("links", "it names another host: «bücher.test»"),),
    )
    store(database, item)
    assert read(database, item) == OutboxItem(item, 0, NOW, len(content))


def test_what_is_due_is_sent_at_once_and_what_is_not_is_left(database: Database) -> None:
    now, past = an_outgoing(), an_outgoing(next_try=NOW - HOUR)
    later, held = an_outgoing(next_try=NOW + HOUR), an_outgoing(state=OutgoingState.HELD)
    assert store(database, now, past, later, held) == (now.id, past.id)


def test_an_item_is_leased_with_its_content_and_the_attempt_counts(database: Database) -> None:
    small, large = an_outgoing(), an_outgoing(content=LARGE)
    store(database, small, large)
    for item in (small, large):
        leased = lease(database, item)
        assert leased is not None
        assert leased.outgoing.content == item.content
        assert (leased.attempts, leased.outgoing.state) == (1, OutgoingState.SENDING)


@pytest.mark.parametrize(
    "item",
    [
        an_outgoing(next_try=NOW + MINUTE),
        an_outgoing(state=OutgoingState.HELD),
        an_outgoing(state=OutgoingState.ASKED),
        an_outgoing(state=OutgoingState.SENT),
    ],
)
def test_only_what_is_queued_and_due_can_be_leased(database: Database, item: Outgoing) -> None:
    store(database, item)
    assert lease(database, item) is None
    assert read(database, item).attempts == 0


def test_a_lease_is_for_one_until_it_runs_out(database: Database) -> None:
    item = an_outgoing()
    store(database, item)
    assert lease(database, item) is not None
    assert lease(database, item, NOW + MINUTE / 2) is None
    again = lease(database, item, NOW + MINUTE)
    assert again is not None
    assert again.attempts == 2


def test_of_eight_who_ask_at_once_one_gets_each_item(database: Database) -> None:
    stored = [an_outgoing() for _ in range(40)]
    store(database, *stored)
    start = threading.Barrier(8)

    def take(owner: str) -> list[str]:
        start.wait()
        taken = []
        for item in stored:
            with database.write(durable=False) as c:
                if leases.lease(c, item.id, owner, NOW, NOW + MINUTE):
                    taken.append(item.id)
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [one for each in pool.map(take, "abcdefgh") for one in each]
    assert sorted(taken) == sorted(item.id for item in stored)


def test_leases_are_renewed_for_their_owner_only(database: Database) -> None:
    mine, theirs = an_outgoing(), an_outgoing()
    store(database, mine, theirs)
    with database.write() as c:
        leases.lease(c, mine.id, "me", NOW, NOW + MINUTE)
        leases.lease(c, theirs.id, "they", NOW, NOW + MINUTE)
        leases.renew(c, "me", NOW + HOUR)
        assert leases.recover(c, NOW + 2 * MINUTE) == (theirs.id,)
    assert lease(database, theirs, NOW + 2 * MINUTE) is not None
    assert lease(database, mine, NOW + 2 * MINUTE) is None


def test_what_is_released_can_be_leased_again_at_once(database: Database) -> None:
    item = an_outgoing()
    store(database, item)
    lease(database, item)
    with database.write() as c:
        leases.release(c, "me", NOW)
    assert lease(database, item) is not None


def test_several_are_leased_at_once(database: Database) -> None:
    first, second, later = an_outgoing(), an_outgoing(), an_outgoing(next_try=NOW + HOUR)
    store(database, first, second, later)
    ids = (first.id, second.id, later.id, "unknown")
    with database.write() as c:
        leased = leases.lease_all(c, ids, "me", NOW, NOW + MINUTE)
        assert {one.outgoing.id for one in leased} == {first.id, second.id}
        assert leases.lease_all(c, (), "me", NOW, NOW + MINUTE) == ()


def test_who_was_told_and_did_nothing_is_told_again(database: Database) -> None:
    item = an_outgoing()
    store(database, item)
    late = NOW + TOLD_FOR
    with database.write() as c:
        assert outbox.wake(c, late - MINUTE / 60, 10, late) == ()
        assert outbox.wake(c, late, 10, late + HOUR) == (item.id,)
        assert outbox.wake(c, late, 10, late + HOUR) == ()
        assert outbox.wake(c, late + HOUR, 10, late + 2 * HOUR) == (item.id,)


def test_a_retry_and_a_lease_that_ran_out_are_woken(database: Database) -> None:
    retry, leased, sent = an_outgoing(), an_outgoing(), an_outgoing()
    store(database, retry, leased, sent)
    lease(database, retry)
    lease(database, leased)
    settle(database, retry, OutgoingState.QUEUED, next_try=NOW + HOUR)
    settle(database, sent, OutgoingState.SENT)
    with database.write() as c:
        assert outbox.wake(c, NOW + MINUTE, 10, NOW + 2 * HOUR) == (leased.id,)
        assert outbox.wake(c, NOW + HOUR, 10, NOW + 2 * HOUR) == (retry.id,)


def test_no_more_are_woken_than_asked_for(database: Database) -> None:
    store(database, *(an_outgoing(next_try=NOW + MINUTE) for _ in range(5)))
    with database.write() as c:
        assert len(outbox.wake(c, NOW + HOUR, 3, NOW + 2 * HOUR)) == 3
        assert len(outbox.wake(c, NOW + HOUR, 3, NOW + 2 * HOUR)) == 2


def test_a_retry_is_sent_when_its_time_has_come(database: Database) -> None:
    item = an_outgoing()
    store(database, item)
    lease(database, item)
    settle(database, item, OutgoingState.QUEUED, next_try=NOW + HOUR)
    assert lease(database, item, NOW + MINUTE) is None
    again = lease(database, item, NOW + HOUR)
    assert again is not None
    assert again.outgoing.content == item.content


@pytest.mark.parametrize("state", ["sent", "failed", "declined"])
@pytest.mark.parametrize("content", [b"small", LARGE])
def test_content_goes_with_the_settling(database: Database, state: str, content: bytes) -> None:
    item = an_outgoing(content=content)
    store(database, item)
    settle(database, item, OutgoingState(state))
    settled = read(database, item)
    assert settled.outgoing.content == b""
    assert (settled.outgoing.state, settled.settled_at, settled.size) == (state, NOW, len(content))
    assert list(database.spool.folder.iterdir()) == []


def test_content_stays_where_it_is_to_be_kept(database: Database) -> None:
    item = an_outgoing(content=LARGE)
    store(database, item)
    settle(database, item, OutgoingState.SENT, keep_content=True)
    assert read(database, item).outgoing.content == LARGE


def test_what_is_approved_is_sent_at_once(database: Database) -> None:
    item = an_outgoing(state=OutgoingState.HELD)
    store(database, item)
    approved = Settled(item.id, OutgoingState.QUEUED, NOW, was=OutgoingState.HELD)
    with database.write() as c:
        assert apply(c, Changes(settled=(approved,)), NOW) == (item.id,)
    with pytest.raises(Conflict), database.write() as c:
        apply(c, Changes(settled=(approved,)), NOW)
    assert lease(database, item) is not None


def test_what_is_settled_stays_so_but_may_bounce_later(database: Database) -> None:
    item = an_outgoing()
    store(database, item)
    settle(database, item, OutgoingState.SENT)
    with pytest.raises(Conflict):
        settle(database, item, OutgoingState.QUEUED)
    settle(database, item, OutgoingState.FAILED)
    with pytest.raises(Conflict):
        settle(database, item, OutgoingState.FAILED)
    with pytest.raises(Conflict):
        settle(database, an_outgoing(), OutgoingState.SENT)


def test_an_item_is_found_by_its_return_token(database: Database) -> None:
    item, null = an_outgoing(), an_outgoing(return_token="")
    store(database, item, null, an_outgoing(return_token=""))
    with database.read() as c:
        found = outbox.by_return_token(c, item.return_token.upper())
        assert found is not None
        assert found.outgoing.recipient == item.recipient
        assert outbox.by_return_token(c, "") is None


def listed(database: Database, look: Callable[[Connection], tuple[OutboxItem, ...]]) -> list[str]:
    with database.read() as c:
        items = look(c)
    assert all(one.outgoing.content == b"" and one.size for one in items)
    return [one.outgoing.id for one in items]


def test_listings_hold_what_belongs_there_and_no_content(database: Database) -> None:
    held = an_outgoing(id="1", state=OutgoingState.HELD, expires_at=NOW + HOUR, thread_id="t")
    asked = an_outgoing(id="2", state=OutgoingState.ASKED, expires_at=NOW, thread_id="u")
    queued, failed, sent = an_outgoing(id="3"), an_outgoing(id="4"), an_outgoing(id="5")
    store(database, sent, failed, queued, asked, held)
    settle(database, failed, OutgoingState.FAILED)
    settle(database, sent, OutgoingState.SENT)
    assert listed(database, outbox.held) == ["1"]
    assert listed(database, lambda c: outbox.held_in_thread(c, "t")) == ["1"]
    assert listed(database, lambda c: outbox.held_expired(c, NOW, 10)) == ["2"]
    assert listed(database, outbox.queue) == ["3", "4"]
    assert listed(database, lambda c: outbox.queue(c, 1)) == ["3"]
    with database.read() as c:
        assert outbox.waiting(c) == 1


def test_large_contents_lie_in_the_spool(database: Database) -> None:
    store(database, an_outgoing(content=LARGE))
    (file,) = Path(database.spool.folder).iterdir()
    assert file.stat().st_size > len(LARGE)
    assert b"xxxx" not in file.read_bytes()
