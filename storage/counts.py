"""How often everything happened, counted by the database itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, cast, func, select

from storage.database import Connection
from storage.details import Word
from storage.records.events import EventKind
from storage.records.threads import ThreadState
from storage.schema import events, threads


class Count(NamedTuple):
    """How often one kind of event happened to one ambassador.

    `words` adds up those of mails. Nobody asks for the detail of mails and deliveries, nor for
    whom a delivery was.
    """

    kind: EventKind
    number: int
    ambassador_id: str = ""
    detail: Mapping[str, str] = {}
    words: int = 0


_WITHIN = (events.c.at >= bindparam("since"), events.c.at < bindparam("until"))
_WROTE = (EventKind.CANDIDATE_WROTE, EventKind.AMBASSADOR_WROTE)
_APART = (*_WROTE, EventKind.DELIVERED, EventKind.CONTACTED)
_KIND, _PERSON = events.c.kind, func.coalesce(events.c.ambassador_id, "")

# Most events are mails and deliveries: grouped by their details, which all differ, they would take
# twice as long, and SQLite sorts what it groups.
_DELIVERED = select(func.count()).where(*_WITHIN, _KIND == EventKind.DELIVERED)
_WORDS = func.sum(func.coalesce(cast(Word(events.c.detail, "words"), Integer), 0))
_MAILS = (
    select(_KIND, func.count(), _PERSON, _WORDS)
    .where(*_WITHIN, _KIND.in_(_WROTE))
    .group_by(_KIND, events.c.ambassador_id)
)
_OTHERS = (
    select(_KIND, func.count(), _PERSON, events.c.detail)
    .where(*_WITHIN, _KIND.not_in(_APART))
    .group_by(_KIND, events.c.ambassador_id, events.c.detail)
)


def counts(c: Connection, since: datetime, until: datetime) -> Iterator[Count]:
    """How often everything but first contacts happened from `since` on and before `until`."""
    span = {"since": since, "until": until}
    yield Count(EventKind.DELIVERED, c.sql.execute(_DELIVERED, span).scalar_one())
    for kind, number, ambassador_id, words in c.sql.execute(_MAILS, span):
        yield Count(EventKind(kind), number, ambassador_id, words=words)
    for kind, number, ambassador_id, detail in c.sql.execute(_OTHERS, span):
        yield Count(EventKind(kind), number, ambassador_id, json.loads(detail))


def states(c: Connection) -> Counter[ThreadState]:
    """How many threads are in each state now."""
    query = select(threads.c.state, func.count()).group_by(threads.c.state)
    return Counter({ThreadState(state): number for state, number in c.sql.execute(query)})


def oldest(c: Connection) -> datetime | None:
    """When the first event happened that is still kept."""
    found: datetime | None = c.sql.execute(select(func.min(events.c.at))).scalar()
    return found
