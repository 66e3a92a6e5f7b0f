"""What waits for a moment that is too far away, since a clock was wrong when it was chosen."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BindParameter, bindparam, select

from storage.database import Connection
from storage.records.mail import OutgoingState
from storage.schema import outbox

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # when what is on hold is tried

_LATEST: BindParameter[datetime] = bindparam("latest")
# By the index on `wake_at`, at whose end such items are.
_AHEAD = (
    outbox.c.wake_at > _LATEST,
    outbox.c.wake_at < NEVER,
    outbox.c.state == OutgoingState.QUEUED,
)
_ANY = select(outbox.c.id).where(*_AHEAD).limit(1)
_NOW: BindParameter[datetime] = bindparam("now")
_BRING_BACK = outbox.update().where(*_AHEAD).values(next_try=_NOW, wake_at=_NOW)


def any_ahead(c: Connection, latest: datetime) -> bool:
    """Whether an item waits for a moment after `latest`, by which all should have been tried."""
    return c.sql.execute(_ANY, {"latest": latest}).first() is not None


def bring_back(c: Connection, now: datetime, latest: datetime) -> int:
    """Such items are due at once; how many. What is on hold stays so."""
    return c.sql.execute(_BRING_BACK, {"now": now, "latest": latest}).rowcount
