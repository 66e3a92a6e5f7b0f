"""Mail on its way: what waits, and who is sending it.

`wake_at` is when somebody must look at an item, whatever became of the task that was told of it:
a queued one whose time has come, or a leased one whose lease ran out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import BindParameter, bindparam, func, literal_column, or_, select, text, union_all

from storage import items
from storage.columns import Moment
from storage.database import Connection
from storage.records.mail import OutboxItem, OutgoingState
from storage.schema import outbox

_QUEUED, _SENDING = OutgoingState.QUEUED, OutgoingState.SENDING

# Written as in the partial indexes, or SQLite would not see that they apply.
_IS_KEPT_BACK = text("outbox.state IN ('held', 'asked')")
_IS_FAILED = text("outbox.state = 'failed'")
_IS_OPEN = outbox.c.wake_at.is_not(None)
_IS_OWNED = outbox.c.owner.is_not(None)

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

_LEASE = (
    outbox.update()
    .where(
        outbox.c.id.in_(bindparam("ids", expanding=True)),
        or_(
            (outbox.c.state == _QUEUED) & (outbox.c.next_try <= _NOW),
            (outbox.c.state == _SENDING) & (outbox.c.wake_at <= _NOW),
        ),
    )
    .values(
        state=_SENDING,
        attempts=outbox.c.attempts + 1,
        owner=bindparam("new_owner"),
        wake_at=bindparam("until"),
    )
    .returning(outbox)
)
_RENEW = (
    outbox.update()
    .where(_IS_OWNED, outbox.c.owner == bindparam("by"))
    .values(wake_at=bindparam("until"))
)
_BACK = {"state": _QUEUED, "owner": None, "next_try": _NOW, "wake_at": _NOW}
_RELEASE = outbox.update().where(_IS_OWNED, outbox.c.owner == bindparam("by")).values(_BACK)
_RELEASE_SOME = _RELEASE.where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_OWNERS = select(outbox.c.owner).where(_IS_OWNED).distinct()
_RECOVER = (
    outbox.update()
    # The plus keeps SQLite from going through all that is due rather than all that is leased.
    .where(_IS_OWNED, literal_column("+outbox.wake_at", Moment()) <= _NOW)
    .values(_BACK)
    .returning(outbox.c.id)
)
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


def lease(
    c: Connection, item_id: str, owner: str, now: datetime, until: datetime
) -> OutboxItem | None:
    """Take the item for `owner` until then, with its content; None if it is not to be sent now.

    Of two who ask at once one gets it. The attempt is counted before it is made: a crash while
    sending must not retry for ever.
    """
    return next(iter(lease_all(c, (item_id,), owner, now, until)), None)


def lease_all(
    c: Connection,
    ids: Sequence[str],
    owner: str,
    now: datetime,
    until: datetime,
    up_to: int | None = None,
) -> tuple[OutboxItem, ...]:
    """`lease` for several: those that this owner got, in the order of `ids`.

    Those of more than `up_to` bytes come without their content; `item` gives it.
    """
    values = {"ids": list(ids), "new_owner": owner, "now": now, "until": until}
    found = {row.id: items.read(c, row) for row in c.sql.execute(_LEASE, values)}
    leased = [found[one] for one in dict.fromkeys(ids) if one in found]
    small = [one for one in leased if up_to is None or one.size <= up_to]
    filled = {one.outgoing.id: one for one in items.with_contents(c, small)}
    return tuple(filled.get(one.outgoing.id, one) for one in leased)


def renew(c: Connection, owner: str, until: datetime) -> None:
    """Prolong all leases of this owner."""
    c.sql.execute(_RENEW, {"by": owner, "until": until})


def release(c: Connection, owner: str, now: datetime, ids: Sequence[str] | None = None) -> None:
    """What this owner leased and has not settled is queued again, and due; or these items of it."""
    values: dict[str, Any] = {"by": owner, "now": now}
    if ids is None:
        c.sql.execute(_RELEASE, values)
    else:
        c.sql.execute(_RELEASE_SOME, values | {"ids": list(ids)})


def owners(c: Connection) -> tuple[str, ...]:
    """Everybody who has something leased."""
    return tuple(c.sql.execute(_OWNERS).scalars())


def recover(c: Connection, now: datetime) -> tuple[str, ...]:
    """Queue again what was leased by somebody whose time is over; their ids."""
    return tuple(c.sql.execute(_RECOVER, {"now": now}).scalars())


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
