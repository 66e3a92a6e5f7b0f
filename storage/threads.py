"""Conversations between a candidate and an ambassador."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam, select

from storage.database import Connection
from storage.failures import Conflict
from storage.records.threads import Agreed, Stage, Thread, ThreadState
from storage.schema import threads

_THREAD = select(threads)
_BY_ID = _THREAD.where(threads.c.id == bindparam("id"))
_BY_PEER = _THREAD.where(threads.c.peer_token == bindparam("token"))
_BY_GUEST = _THREAD.where(threads.c.guest_token == bindparam("token"))
_NEWEST_FIRST = _THREAD.order_by(threads.c.opened_at.desc(), threads.c.id.desc())
_OF_CANDIDATE = _NEWEST_FIRST.where(threads.c.candidate_id == bindparam("candidate_id"))
_BETWEEN = _OF_CANDIDATE.where(threads.c.ambassador_id == bindparam("ambassador_id")).limit(1)
_OF_AMBASSADOR = _NEWEST_FIRST.where(threads.c.ambassador_id == bindparam("ambassador_id"))
_DUE = (
    _THREAD.where(threads.c.due_at <= bindparam("now"))
    .order_by(threads.c.due_at)
    .limit(bindparam("most"))
)
_UPDATE = threads.update().where(
    threads.c.id == bindparam("at_id"), threads.c.version == bindparam("at_version")
)


def thread(c: Connection, thread_id: str) -> Thread | None:
    """The thread with this id."""
    return _one(c, _BY_ID, {"id": thread_id})


def by_peer_token(c: Connection, token: str) -> Thread | None:
    """The thread that the candidate writes to with this token, in any case."""
    return _one(c, _BY_PEER, {"token": token.lower()})


def by_guest_token(c: Connection, token: str) -> Thread | None:
    """The thread that the ambassador writes to with this token, in any case."""
    return _one(c, _BY_GUEST, {"token": token.lower()})


def between(c: Connection, ambassador_id: str, candidate_id: str) -> Thread | None:
    """The newest thread of these two."""
    return _one(c, _BETWEEN, {"ambassador_id": ambassador_id, "candidate_id": candidate_id})


def of_candidate(c: Connection, candidate_id: str) -> tuple[Thread, ...]:
    """All threads of a candidate, newest first."""
    return _all(c, _OF_CANDIDATE, {"candidate_id": candidate_id})


def of_ambassador(c: Connection, ambassador_id: str) -> tuple[Thread, ...]:
    """All threads of an ambassador, newest first."""
    return _all(c, _OF_AMBASSADOR, {"ambassador_id": ambassador_id})


def listing(c: Connection, limit: int | None = None) -> tuple[Thread, ...]:
    """All threads, or the newest `limit`; newest first."""
    return _all(c, _NEWEST_FIRST.limit(limit), {})


def due(c: Connection, now: datetime, limit: int) -> tuple[Thread, ...]:
    """Threads whose follow-up is due, the longest overdue first."""
    return _all(c, _DUE, {"now": now, "most": limit})


def save(c: Connection, changed: Sequence[Thread]) -> None:
    """Store new threads, and changed ones at the version they were read with; else Conflict."""
    new = [_row(one) for one in changed if one.version == 0]
    if new:
        c.sql.execute(threads.insert(), new)
    # In order, so that two processes which save the same threads cannot wait for each other.
    old = sorted((one for one in changed if one.version), key=lambda one: one.id)
    # To name a column is to write its index again: the ambassador only where they may be new.
    _update(c, [_changing(one) for one in old if not one.former_ids])
    _update(c, [_changing(one) | _ambassador(one) for one in old if one.former_ids])


def _update(c: Connection, rows: list[dict[str, Any]]) -> None:
    if rows and c.sql.execute(_UPDATE, rows).rowcount != len(rows):
        raise Conflict("a thread moved on")


def _row(one: Thread) -> dict[str, Any]:
    return {
        **_columns(one),
        **_ambassador(one),
        "id": one.id,
        "candidate_id": one.candidate_id or None,
        "peer_token": one.peer_token,
        "guest_token": one.guest_token,
        "opened_at": one.opened_at,
    }


def _changing(one: Thread) -> dict[str, Any]:
    return {**_columns(one), "at_id": one.id, "at_version": one.version}


def _ambassador(one: Thread) -> dict[str, Any]:
    """This changes only where a thread is handed over, and then `former_ids` tells."""
    return {"ambassador_id": one.ambassador_id}


def _columns(one: Thread) -> dict[str, Any]:
    """What may differ from version to version in any thread."""
    return {
        "state": one.state,
        "since": one.since,
        "stage": one.stage,
        "source": one.source,
        "last_candidate_at": one.last_candidate_at,
        "last_ambassador_at": one.last_ambassador_at,
        "nudges": one.nudges,
        "due_at": one.due_at,
        "backup_id": one.backup_id,
        "agreed": one.agreed,
        "former_ids": " ".join(one.former_ids),
        "rests_until": one.rests_until,
        "version": one.version + 1,
    }


def read(row: Any) -> Thread:
    """The thread of a row with all columns."""
    return Thread(
        id=row.id,
        ambassador_id=row.ambassador_id,
        candidate_id=row.candidate_id or "",
        peer_token=row.peer_token,
        guest_token=row.guest_token,
        state=ThreadState(row.state),
        since=row.since,
        opened_at=row.opened_at,
        stage=Stage(row.stage),
        source=row.source,
        last_candidate_at=row.last_candidate_at,
        last_ambassador_at=row.last_ambassador_at,
        nudges=row.nudges,
        due_at=row.due_at,
        backup_id=row.backup_id,
        agreed=Agreed(row.agreed),
        former_ids=tuple(row.former_ids.split()),
        rests_until=row.rests_until,
        version=row.version,
    )


def _one(c: Connection, query: sqlalchemy.Select[Any], values: dict[str, Any]) -> Thread | None:
    row = c.sql.execute(query, values).first()
    return None if row is None else read(row)


def _all(
    c: Connection, query: sqlalchemy.Select[Any], values: dict[str, Any]
) -> tuple[Thread, ...]:
    return tuple(read(row) for row in c.sql.execute(query, values))
