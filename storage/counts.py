"""How often everything happened, counted by the database itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, case, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.database import Connection
from storage.records.events import EventKind
from storage.records.threads import ThreadState
from storage.schema import events, threads

_PAGE = 2000  # rows; what is in memory at a time


class Count(NamedTuple):
    """How often one kind of event happened to one ambassador.

    `words` adds up those of mails. `detail` is empty for mails and deliveries: nobody asks.
    """

    kind: EventKind
    number: int
    ambassador_id: str = ""
    detail: Mapping[str, str] = {}
    words: int = 0


class _Number(FunctionElement[int]):
    """A whole number in the detail of an event."""

    type = Integer()
    inherit_cache = True

    def __init__(self, word: str) -> None:
        super().__init__(events.c.detail, literal(word, literal_execute=True))


@compiles(_Number, "sqlite")
def _in_sqlite(number: _Number, compiler: SQLCompiler, **options: Any) -> str:
    detail, word = (compiler.process(each, **options) for each in number.clauses)
    return f"CAST(json_extract({detail}, '$.' || {word}) AS INTEGER)"


@compiles(_Number, "postgresql")
def _in_postgresql(number: _Number, compiler: SQLCompiler, **options: Any) -> str:
    detail, word = (compiler.process(each, **options) for each in number.clauses)
    return f"CAST(CAST({detail} AS json) ->> {word} AS integer)"


_WITHIN = (events.c.at >= bindparam("since"), events.c.at < bindparam("until"))
_WROTE = (EventKind.CANDIDATE_WROTE, EventKind.AMBASSADOR_WROTE)
_APART = (*_WROTE, EventKind.DELIVERED, EventKind.CONTACTED)
_KIND, _PERSON = events.c.kind, func.coalesce(events.c.ambassador_id, "")

# Most events are mails: grouped by their details, which all differ, they would take twice as long.
_WORDS = func.coalesce(func.sum(case((_KIND.in_(_WROTE), _Number("words")))), 0)
_MAILS = (
    select(_KIND, func.count(), _PERSON, _WORDS)
    .where(*_WITHIN, _KIND.in_((*_WROTE, EventKind.DELIVERED)))
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
    for kind, number, ambassador_id, words in c.sql.execute(_MAILS, span):
        yield Count(EventKind(kind), number, ambassador_id, words=words)
    for kind, number, ambassador_id, detail in c.sql.execute(_OTHERS, span).yield_per(_PAGE):
        yield Count(EventKind(kind), number, ambassador_id, json.loads(detail))


def states(c: Connection) -> Counter[ThreadState]:
    """How many threads are in each state now."""
    query = select(threads.c.state, func.count()).group_by(threads.c.state)
    return Counter({ThreadState(state): number for state, number in c.sql.execute(query)})


def oldest(c: Connection) -> datetime | None:
    """When the first event happened that is still kept."""
    found: datetime | None = c.sql.execute(select(func.min(events.c.at))).scalar()
    return found
