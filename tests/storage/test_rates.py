"""How often something happened lately."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage import rates
from storage.database import Database
from storage.rates import Lately

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_counts_of_several_keys_come_in_one_answer(database: Database) -> None:
    with database.write() as c:
        rates.hit(c, [("a", NOON), ("a", NOON), ("b", NOON - timedelta(hours=2))])
        found = rates.lately(c, ("a", "b", "c"), NOON)
    assert found == {"a": Lately(2, 2), "b": Lately(0, 1), "c": Lately(0, 0)}


def test_the_minute_slides_and_does_not_begin_anew_with_the_clock(database: Database) -> None:
    with database.write() as c:
        rates.hit(c, [("a", NOON + timedelta(seconds=30))] * 120)
        counts = [
            rates.lately(c, ("a",), NOON + timedelta(seconds=at))["a"].minute
            for at in (59, 60, 90, 119, 120)
        ]
    assert counts == [120, 120, 60, 2, 0]


def test_who_writes_steadily_is_counted_at_that_rate(database: Database) -> None:
    with database.write() as c:
        rates.hit(c, [("a", NOON + timedelta(seconds=half / 2)) for half in range(360)])
        later = NOON + timedelta(seconds=165)
        assert 110 <= rates.lately(c, ("a",), later)["a"].minute <= 180


def test_a_day_later_nothing_counts(database: Database) -> None:
    with database.write() as c:
        rates.hit(c, [("a", NOON)])
        assert rates.lately(c, ("a",), NOON + timedelta(days=1, minutes=1))["a"] == Lately(0, 0)


def test_nothing_is_asked_for_no_keys(database: Database) -> None:
    with database.read() as c:
        assert rates.lately(c, (), NOON) == {}
