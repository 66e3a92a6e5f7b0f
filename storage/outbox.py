"""Mail on its way: what waits, and who is sending it.

`wake_at` is when somebody must look at an item, whatever became of the task that was told of it:
a queued one whose time has come, or a leased one whose lease ran out.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import BindParameter, bindparam, func, select, text, union_all

from storage import items
from storage.database import Connection
from storage.records.mail import OutboxItem, OutgoingState
from storage.schema import outbox

_QUEUED = OutgoingState.QUEUED

# Written as in the partial indexes, or SQLite would not see that they apply.
_IS_KEPT_BACK = text("outbox.state IN ('held', 'asked')")
_IS_FAILED = text("outbox.state = 'failed'")
_IS_OPEN = outbox.c.wake_at.is_not(None)

_NOW: BindParameter[datetime] = bindparam("now")
_ITEM = select(outbox)
_BY_ID = _ITEM.where(outbox.c.id == bindparam("id"))
_BY_RETURN_TOKEN = _ITEM.where(outbox.c.return_token == bindparam("token"))
_KEPT_BACK = _ITEM.where(_IS_KEPT_BACK)
_HELD = _KEPT_BACK.where(outbox.c.state == OutgoingState.HELD)
_EXPIRED = (
    _ITEM.where(_IS_KEPT_BACK, outbox.c.expires_at <= _NOW)
    .order_by(outbox.c.expires_at)
    .limit(bindparam("most"))
)
_HELD_IN_THREAD = _KEPT_BACK.where(outbox.c.thread_id == bindparam("thread_id"))
_UNSENT = union_all(select(outbox.c.id).where(_IS_OPEN), select(outbox.c.id).where(_IS_FAILED))
_QUEUE = _ITEM.where(outbox.c.id.in_(_UNSENT)).order_by(outbox.c.id)
_WAITING = select(func.count()).where(_IS_OPEN)

_DUE = (
    select(outbox.c.id)
    .where(outbox.c.wake_at <= _NOW)
    .order_by(outbox.c.wake_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_ANY_DUE = select(outbox.c.id).where(outbox.c.wake_at <= _NOW).limit(1)
_TELL_AGAIN = (
    outbox.update()
    .where(_IS_OPEN, outbox.c.state == _QUEUED, outbox.c.next_try <= _NOW)
    .values(wake_at=_NOW)
)
_WAKE = (
    outbox.update()
    .where(outbox.c.id.in_(_DUE.scalar_subquery()))
    .values(wake_at=bindparam("again_at"))
    .returning(outbox.c.id)
)


def wake(c: Connection, now: datetime, limit: int, again_at: datetime) -> tuple[str, ...]:
    """Ids of what is to be sent now and nobody is at work on: queued ones, and leases that ran out.

    They count as told of until `again_at`; of two who ask at once each gets others.
    """
    values = {"now": now, "most": limit, "again_at": again_at}
    return tuple(c.sql.execute(_WAKE, values).scalars())


def any_due(c: Connection, now: datetime) -> bool:
    """Whether `wake` would find anything; costs no write."""
    return c.sql.execute(_ANY_DUE, {"now": now}).first() is not None


def tell_again(c: Connection, now: datetime) -> None:
    """Every task is lost: what is queued and due counts as told of to nobody."""
    c.sql.execute(_TELL_AGAIN, {"now": now})


def item(c: Connection, item_id: str) -> OutboxItem | None:
    """The item with this id, with its content if that is still there."""
    row = c.sql.execute(_BY_ID, {"id": item_id}).first()
    return None if row is None else items.with_contents(c, [items.read(c, row)])[0]


def by_return_token(c: Connection, token: str) -> OutboxItem | None:
    """The item that was sent with this token in its reverse path; without content."""
    row = c.sql.execute(_BY_RETURN_TOKEN, {"token": token.lower()}).first()
    return None if row is None else items.read(c, row)


def held(c: Connection) -> tuple[OutboxItem, ...]:
    """The messages that wait for a person to decide, oldest first; without content."""
    return _all(c, _HELD, {})


def held_expired(c: Connection, now: datetime, limit: int) -> tuple[OutboxItem, ...]:
    """What is held or asked back beyond its time, oldest first; without content."""
    return _all(c, _EXPIRED, {"now": now, "most": limit})


def held_in_thread(c: Connection, thread_id: str) -> tuple[OutboxItem, ...]:
    """What one thread has that is held or asked back, oldest first; without content."""
    return _all(c, _HELD_IN_THREAD, {"thread_id": thread_id})


def queue(c: Connection, limit: int | None = None) -> tuple[OutboxItem, ...]:
    """What is queued, being sent, or failed, oldest first; without content."""
    return _all(c, _QUEUE.limit(limit), {})


def waiting(c: Connection) -> int:
    """How many items are queued or being sent."""
    return int(c.sql.execute(_WAITING).scalar_one())


def _all(
    c: Connection, query: sqlalchemy.Select[Any], values: dict[str, Any]
) -> tuple[OutboxItem, ...]:
    """Oldest first. Sorted here: ordered by id SQLite would go through all there is."""
    found = (items.read(c, row) for row in c.sql.execute(query, values))
    return tuple(sorted(found, key=lambda one: one.outgoing.id))
