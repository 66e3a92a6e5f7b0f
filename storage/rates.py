"""How often something happened lately, by the minute; the keys are stored as digests only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, func, select

from storage.database import Connection
from storage.schema import rates
from storage.upserts import Insert, inserting

_RATE = "rate"  # the kind of digest

_COUNT = select(func.sum(rates.c.hits)).where(
    rates.c.key == bindparam("key"), rates.c.minute >= bindparam("minute")
)


def count(c: Connection, key: str, window_start: datetime) -> int:
    """How many hits `key` has had since the minute of `window_start`; a day back at most."""
    values = {"key": c.vault.digest(_RATE, key), "minute": minute_of(window_start)}
    return int(c.sql.execute(_COUNT, values).scalar() or 0)


def hit(c: Connection, hits: Iterable[tuple[str, datetime]]) -> None:
    """Count each key once at its moment."""
    counted = Counter((c.vault.digest(_RATE, key), minute_of(at)) for key, at in hits)
    # In order, so that two processes which count the same keys cannot wait for each other.
    rows = [
        {"key": key, "minute": minute, "hits": times}
        for (key, minute), times in sorted(counted.items())
    ]
    if rows:
        c.sql.execute(_hit(c.sql.dialect.name), rows)


def minute_of(at: datetime) -> int:
    """The minute of a moment, counted since 1970."""
    return int(at.timestamp() // 60)


@cache
def _hit(dialect: str) -> Insert:
    statement = inserting(dialect, rates)
    return statement.on_conflict_do_update(
        index_elements=[rates.c.key, rates.c.minute],
        set_={"hits": rates.c.hits + statement.excluded.hits},
    )
