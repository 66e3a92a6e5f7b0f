"""When whom a digest of held messages falls due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, select

from storage.columns import Moment
from storage.database import Connection
from storage.failures import Conflict
from storage.records.screening import Due
from storage.schema import digests
from storage.upserts import Insert, inserting

_WAS = bindparam("was", type_=Moment())
_DUE = (
    select(digests)
    .where(digests.c.due_at <= bindparam("now"))
    .order_by(digests.c.due_at)
    .limit(bindparam("most"))
)
_STILL_DUE = (digests.c.reader == bindparam("whom"), digests.c.due_at == _WAS)
_NEXT = digests.update().where(*_STILL_DUE).values(due_at=bindparam("at"))
_DONE = digests.delete().where(*_STILL_DUE)


def due(c: Connection, now: datetime, limit: int) -> tuple[Due, ...]:
    """Whose digest is due, the oldest first; as what `save` takes to say that it is done."""
    found = c.sql.execute(_DUE, {"now": now, "most": limit})
    return tuple(Due(row.reader, None, row.due_at) for row in found)


def save(c: Connection, wanted: Iterable[Due]) -> None:
    """Write when digests fall due. Raises Conflict; see Due."""
    for one in sorted(wanted, key=lambda due: due.reader):
        if one.was is None:
            values = {"reader": one.reader, "due_at": one.at}
            c.sql.execute(_first(c.sql.dialect.name), values)
            continue
        values = {"whom": one.reader, "was": one.was}
        done = c.sql.execute(_NEXT, values | {"at": one.at}) if one.at else None
        done = done or c.sql.execute(_DONE, values)
        if done.rowcount != 1:
            raise Conflict("the digest was sent")


@cache
def _first(dialect: str) -> Insert:
    return inserting(dialect, digests).on_conflict_do_nothing()
