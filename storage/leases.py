"""Who is sending what: leases on items of the outbox, so that two never send one.

A lease that ran out may be taken by anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, literal_column, or_, select

from storage import items
from storage.columns import Moment
from storage.database import Connection
from storage.records.mail import OutboxItem, OutgoingState
from storage.schema import outbox

_QUEUED, _SENDING = OutgoingState.QUEUED, OutgoingState.SENDING
_NOW: BindParameter[datetime] = bindparam("now")
_IS_OWNED = outbox.c.owner.is_not(None)  # as in the partial index

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
