"""How much an ambassador has on their hands: conversations that began lately, and open ones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select

from storage.database import Connection
from storage.records.threads import ThreadState
from storage.schema import threads

_OPENED_SINCE = select(func.count()).where(
    threads.c.ambassador_id == bindparam("ambassador_id"),
    threads.c.opened_at >= bindparam("since"),
)
_REACHED_SINCE = (
    select(threads.c.opened_at)
    .where(
        threads.c.ambassador_id == bindparam("ambassador_id"),
        threads.c.opened_at >= bindparam("since"),
        threads.c.last_candidate_at.is_not(None),  # what is held has reached nobody
    )
    .order_by(threads.c.opened_at)
)
_WAITING = (ThreadState.WAITING, ThreadState.NUDGED, ThreadState.ESCALATED)
_OPEN = select(threads.c.last_candidate_at, threads.c.last_ambassador_at).where(
    threads.c.ambassador_id == bindparam("ambassador_id"),
    or_(
        threads.c.state.in_(_WAITING),
        and_(
            threads.c.state == ThreadState.ANSWERED,
            or_(
                threads.c.last_candidate_at > bindparam("since"),
                threads.c.last_ambassador_at > bindparam("since"),
            ),
        ),
    ),
)


def opened_since(c: Connection, ambassador_id: str, since: datetime) -> int:
    """How many threads were opened with this ambassador at `since` or later."""
    values = {"ambassador_id": ambassador_id, "since": since}
    return int(c.sql.execute(_OPENED_SINCE, values).scalar_one())


def reached_since(c: Connection, ambassador_id: str, since: datetime) -> tuple[datetime, ...]:
    """When the threads were opened that reached this ambassador, `since` or later; oldest first."""
    values = {"ambassador_id": ambassador_id, "since": since}
    return tuple(c.sql.execute(_REACHED_SINCE, values).scalars())


def last_words(c: Connection, ambassador_id: str, since: datetime) -> tuple[datetime, ...]:
    """Of each open conversation of this ambassador the last word; oldest first.

    Open is what waits for the ambassador, and what was answered and written in after `since`.
    """
    rows = c.sql.execute(_OPEN, {"ambassador_id": ambassador_id, "since": since})
    return tuple(sorted(max(filter(None, row), default=since) for row in rows))
