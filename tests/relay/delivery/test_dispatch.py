"""Ids in, letters out: one item in trouble keeps no other back."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from town import DANA, PEER, Town, a_town

from relay.delivery.courier import Courier
from relay.delivery.dispatch import Dispatch
from relay.delivery.outcome import Delivered, Letter, Outcome
from storage import outbox
from storage.database import Database
from storage.records.mail import OutgoingState
from storage.schema import outbox as table


class Host:
    """A next host that takes everything."""

    def __init__(self) -> None:
        self.taken: queue.SimpleQueue[Letter] = queue.SimpleQueue()

    def send(self, letter: Letter) -> Outcome:
        self.taken.put(letter)
        return Delivered("250 ok")

    def close(self) -> None:
        pass


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    with a_town(sqlite_database, tmp_path) as made:
        for words in ("How do you run migrations?", "And who is on call?", "And at night?"):
            assert made.send(f"Dana Keller <{DANA}>", PEER, words).accepted
        yield made


def test_an_item_whose_cells_are_damaged_keeps_no_other_back(town: Town) -> None:
    host = Host()
    courier = Courier(
        database=town.database,
        transport=host,
        signer=None,
        house=town.house,
        delivery=town.settings.delivery,
        keep_bodies=timedelta(0),
        mint=town.mint,
        clock=lambda: town.now,
        jitter=lambda: 0.5,
        owner="this",
    )
    with town.database.write() as c:
        ids = [one.outgoing.id for one in outbox.queue(c)]
        c.sql.execute(table.update().where(table.c.id == ids[1]).values(recipient=b"damaged"))
    dispatch = Dispatch(courier, town.writer, lambda _: None, threads=2)
    dispatch.start()
    dispatch.take(ids)
    for _ in range(2):
        host.taken.get(timeout=10)
    dispatch.close(10)
    with town.database.read() as c:
        states = dict(
            c.sql.execute(table.select().with_only_columns(table.c.id, table.c.state)).all()
        )
    assert [states[one] for one in ids] == [
        OutgoingState.SENT,
        OutgoingState.QUEUED,
        OutgoingState.SENT,
    ]
