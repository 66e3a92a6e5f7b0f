"""Claims: what may happen once, until the claim expires."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, select

from storage.columns import among, pieces
from storage.database import Connection
from storage.failures import Conflict
from storage.records.once import Claim
from storage.schema import claims
from storage.upserts import Insert, inserting

_MOST = 24  # keys in one statement
_CLAIMED = select(claims.c.key).where(
    among(claims.c.key, "key", _MOST), claims.c.expires_at > bindparam("now")
)


def claimed(c: Connection, keys: Collection[str], now: datetime) -> frozenset[str]:
    """Which of these keys are claimed at `now`."""
    return frozenset(
        key
        for piece in pieces("key", keys, _MOST)
        for key in c.sql.execute(_CLAIMED, piece | {"now": now}).scalars()
    )


def take(c: Connection, wanted: Iterable[tuple[Claim, datetime]]) -> None:
    """Claim each of these at its moment; Conflict if one is taken, be it by another of these."""
    # In order, so that two processes which want the same keys cannot wait for each other.
    rows = [
        {"key": claim.key, "expires_at": claim.expires_at, "now": now}
        for claim, now in sorted(wanted, key=lambda pair: pair[0].key)
    ]
    if rows and c.sql.execute(_take(c.sql.dialect.name), rows).rowcount != len(rows):
        raise Conflict("a claim is taken")


def free(c: Connection, wanted: Claim, now: datetime) -> bool:
    """Claim this if nobody has; whether it was free."""
    row = {"key": wanted.key, "expires_at": wanted.expires_at, "now": now}
    return c.sql.execute(_take(c.sql.dialect.name), row).rowcount == 1


@cache
def _take(dialect: str) -> Insert:
    statement = inserting(dialect, claims)
    return statement.on_conflict_do_update(
        index_elements=[claims.c.key],
        set_={"expires_at": statement.excluded.expires_at},
        where=claims.c.expires_at <= bindparam("now", type_=claims.c.expires_at.type),
    ).execution_options(preserve_rowcount=True)
