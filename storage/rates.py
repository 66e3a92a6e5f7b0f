"""How often something happened lately, by the minute; the keys are stored as digests only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import BindParameter, Integer, bindparam, case, func, select

from storage.columns import among, pieces
from storage.database import Connection
from storage.schema import rates
from storage.upserts import Insert, inserting

_RATE = "rate"  # the kind of digest
_MOST = 8  # keys in one statement
_DAY = 24 * 60  # minutes

_NOW: BindParameter[int] = bindparam("now", type_=Integer)
_SINCE: BindParameter[int] = bindparam("since", type_=Integer)
_HITS = func.sum(rates.c.hits)
_COUNTS = (
    select(
        rates.c.key,
        _HITS,
        func.sum(case((rates.c.minute >= _NOW, rates.c.hits), else_=0)),
        func.sum(case((rates.c.minute == _NOW - 1, rates.c.hits), else_=0)),
    )
    .where(among(rates.c.key, "key", _MOST), rates.c.minute >= _SINCE)
    .group_by(rates.c.key)
)
_COUNT = select(func.sum(rates.c.hits)).where(
    rates.c.key == bindparam("key"), rates.c.minute >= bindparam("minute")
)


class Lately(NamedTuple):
    """How often something happened within the last minute, and within the last day."""

    minute: int = 0
    day: int = 0


def lately(c: Connection, keys: Collection[str], now: datetime) -> dict[str, Lately]:
    """The counts of all these keys.

    Of the minute before this one counts the share that lies within the last sixty seconds, as if
    its hits had been spread evenly.
    """
    names = {c.vault.digest(_RATE, key): key for key in keys}
    this_minute = minute_of(now)
    window = {"now": this_minute, "since": this_minute - _DAY}
    left = 1 - now.timestamp() % 60 / 60
    found = dict.fromkeys(keys, Lately())
    for piece in pieces("key", names, _MOST):
        for digest, day, this, before in c.sql.execute(_COUNTS, piece | window):
            found[names[bytes(digest)]] = Lately(int(this + before * left), int(day))
    return found


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
