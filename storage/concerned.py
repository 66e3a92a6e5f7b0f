"""Everybody whom one message concerns: each message asks for all of them, in one statement."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    literal,
    select,
    text,
)

from storage import people, threads
from storage.database import Connection
from storage.records.people import Ambassador, Candidate
from storage.records.threads import Thread
from storage.schema import ambassadors, candidates, mailboxes
from storage.schema import threads as talks


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose address it is, who writes there as a candidate, the conversation of these two, and
    the ambassador whose mailbox the message comes from; each as far as there is one."""

    ambassador: Ambassador | None = None
    candidate: Candidate | None = None
    thread: Thread | None = None
    author: Ambassador | None = None


_AUTHOR: BindParameter[bytes] = bindparam("author")  # the digest of an address
_VALUE: BindParameter[str] = bindparam("value")
_WRITING = ambassadors.alias("writing")
_FOUND = (ambassadors, candidates, talks, _WRITING)
_ROWS: list[Any] = [namedtuple("_Row", table.columns.keys()) for table in _FOUND]
_PLACES = [*accumulate((len(table.columns) for table in _FOUND), initial=0)]

_Join = tuple[FromClause, ColumnElement[bool]]


def _statement(*joins: _Join) -> Select[Any]:
    """One row in any case, with whoever has the author's address as an own mailbox."""
    source: FromClause = select(literal(1).label("one")).subquery("one")
    held = (mailboxes.c.digest == _AUTHOR) & text("mailboxes.held")  # as in the partial index
    for table, condition in (
        *joins,
        (mailboxes, held),
        (_WRITING, _WRITING.c.id == mailboxes.c.ambassador_id),
    ):
        source = source.outerjoin(table, condition)
    return select(*_FOUND).select_from(source)


_NEWEST = (
    select(talks.c.id)
    .where(talks.c.ambassador_id == ambassadors.c.id, talks.c.candidate_id == candidates.c.id)
    .order_by(talks.c.opened_at.desc(), talks.c.id.desc())
    .limit(1)
    .correlate(ambassadors, candidates)
    .scalar_subquery()
)
_BY_NAME = _statement(
    (ambassadors, ambassadors.c.name == _VALUE),
    (candidates, candidates.c.digest == _AUTHOR),
    (talks, talks.c.id == _NEWEST),
)


def _by(column: ColumnElement[str]) -> Select[Any]:
    return _statement(
        (talks, column == _VALUE),
        (ambassadors, ambassadors.c.id == talks.c.ambassador_id),
        (candidates, candidates.c.id == talks.c.candidate_id),
    )


_BY_PEER, _BY_GUEST, _BY_THREAD = map(_by, (talks.c.peer_token, talks.c.guest_token, talks.c.id))


def by_name(c: Connection, name: str, author: str) -> Concerned:
    """By an ambassador's handle, in any case, and the author's address as a candidate's."""
    return _concerned(c, _BY_NAME, name.lower(), author)


def by_peer_token(c: Connection, token: str, author: str) -> Concerned:
    """By what the candidate writes to."""
    return _concerned(c, _BY_PEER, token.lower(), author)


def by_guest_token(c: Connection, token: str, author: str) -> Concerned:
    """By what the ambassador writes to."""
    return _concerned(c, _BY_GUEST, token.lower(), author)


def by_thread(c: Connection, thread_id: str, author: str) -> Concerned:
    """By a thread's id."""
    return _concerned(c, _BY_THREAD, thread_id, author)


def _concerned(c: Connection, statement: Select[Any], value: str, author: str) -> Concerned:
    values = {"value": value, "author": people.address_digest(c, author)}
    cells = tuple(c.sql.execute(statement, values).one())
    alex, dana, talk, writing = (
        kind._make(cells[start:end])
        for kind, (start, end) in zip(_ROWS, pairwise(_PLACES), strict=True)
    )
    return Concerned(
        people.read_ambassador(c, alex) if alex.id else None,
        people.read_candidate(c, dana) if dana.id else None,
        threads.read(talk) if talk.id else None,
        people.read_ambassador(c, writing) if writing.id else None,
    )
