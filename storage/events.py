"""What happened, as metadata: all that the report is made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import bindparam, select, tuple_

from storage.database import Connection
from storage.records.events import Event, EventKind
from storage.schema import events

_PAGE = 2000  # rows; what is in memory at a time

_BETWEEN = (
    select(events)
    .where(
        events.c.at < bindparam("until"),
        events.c.at >= bindparam("at"),
        tuple_(events.c.at, events.c.id) > tuple_(bindparam("at"), bindparam("id")),
    )
    .order_by(events.c.at, events.c.id)
    .limit(_PAGE)
)


def between(c: Connection, since: datetime, until: datetime) -> Iterator[Event]:
    """Events from `since` on and before `until`, in order, a page in memory at a time."""
    last = {"at": since, "id": "", "until": until}
    while True:
        rows = c.sql.execute(_BETWEEN, last).all()
        for row in rows:
            yield Event(
                id=row.id,
                at=row.at,
                kind=EventKind(row.kind),
                thread_id=row.thread_id,
                ambassador_id=row.ambassador_id,
                detail=json.loads(row.detail),
            )
        if len(rows) < _PAGE:
            return
        last = {"at": rows[-1].at, "id": rows[-1].id, "until": until}


def add(c: Connection, happened: Iterable[Event]) -> None:
    """Remember events."""
    rows = [
        {
            "at": event.at,
            "id": event.id,
            "kind": event.kind,
            "thread_id": event.thread_id,
            "ambassador_id": event.ambassador_id,
            "detail": json.dumps(event.detail),
        }
        for event in happened
    ]
    if rows:
        c.sql.execute(events.insert(), rows)
