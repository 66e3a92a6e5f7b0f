"""What has had its time: settled mail, old counts and claims, threads beyond their retention."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Delete, and_, bindparam, delete, func, select, tuple_

from storage import contents as contents_of
from storage import lessons, likenesses
from storage.database import Connection
from storage.rates import minute_of
from storage.schema import (
    candidates,
    claims,
    contents,
    events,
    message_ids,
    outbox,
    rates,
    requests,
    threads,
)

SETTLED_KEPT = timedelta(days=14)  # a delivery report may come that late
RATES_KEPT = timedelta(days=1)
_MOST = 1000  # rows of a kind at a time, so that nobody waits long for the database
_ORPHANED_FOR = timedelta(hours=1)  # a file is written before the row that names it

_BEFORE: BindParameter[datetime] = bindparam("before")
_IDS: BindParameter[str] = bindparam("ids", expanding=True)

_CLAIMS = select(claims.c.key).where(claims.c.expires_at <= _BEFORE).limit(_MOST)
_REQUESTS = select(requests.c.token).where(requests.c.expires_at <= _BEFORE).limit(_MOST)
_RATES = (
    select(rates.c.key, rates.c.minute).where(rates.c.minute < bindparam("minute")).limit(_MOST)
)
_EVENTS = select(events.c.at, events.c.id).where(events.c.at < _BEFORE).limit(_MOST)
_SETTLED = select(outbox.c.id).where(outbox.c.settled_at <= _BEFORE).limit(_MOST)
_BODIES = select(contents.c.item_id).where(contents.c.kept_since <= _BEFORE).limit(_MOST)
_THREADS = (
    select(threads.c.id, threads.c.candidate_id)
    .where(
        threads.c.opened_at < _BEFORE,
        func.coalesce(threads.c.last_candidate_at, threads.c.opened_at) < _BEFORE,
        func.coalesce(threads.c.last_ambassador_at, threads.c.opened_at) < _BEFORE,
    )
    .order_by(threads.c.opened_at)
    .limit(_MOST)
)
_MAIL_OF = select(outbox.c.id).where(
    and_(outbox.c.thread_id.is_not(None), outbox.c.thread_id.in_(_IDS))
)

_DROP_CLAIMS = delete(claims).where(claims.c.key.in_(_CLAIMS.scalar_subquery()))
_DROP_REQUESTS = delete(requests).where(requests.c.token.in_(_REQUESTS.scalar_subquery()))
_DROP_RATES = delete(rates).where(tuple_(rates.c.key, rates.c.minute).in_(_RATES))
_DROP_EVENTS = delete(events).where(tuple_(events.c.at, events.c.id).in_(_EVENTS))
_DROP_ITEMS = delete(outbox).where(outbox.c.id.in_(_IDS))
_DROP_MESSAGE_IDS = delete(message_ids).where(message_ids.c.thread_id.in_(_IDS))
_DROP_THREADS = delete(threads).where(threads.c.id.in_(_IDS))
_DROP_STRANGERS = delete(candidates).where(
    candidates.c.id.in_(_IDS),
    ~select(threads.c.id).where(threads.c.candidate_id == candidates.c.id).exists(),
)


def purge(
    c: Connection,
    now: datetime,
    retention: timedelta,
    keep_bodies: timedelta = timedelta(0),
    keep_events: timedelta | None = None,
) -> int:
    """Delete a portion of what has had its time; how many rows. Call it again until it is 0.

    Expired claims and questions; counts older than a day; fingerprints older than 30 days; mail
    settled 14 days ago, and its content after `keep_bodies`; threads with no word since
    `retention`, with all that is theirs; events as old, or older than `keep_events`.
    """
    gone = _drop_settled(c, now, keep_bodies) + _drop_threads(c, now - retention)
    gone += _rows(c, _DROP_CLAIMS, before=now)
    gone += _rows(c, _DROP_REQUESTS, before=now)
    gone += _rows(c, _DROP_RATES, minute=minute_of(now - RATES_KEPT))
    gone += _rows(c, _DROP_EVENTS, before=now - (keep_events or retention))
    gone += likenesses.purge(c, now, _MOST)
    return gone


def sweep_spool(c: Connection, now: datetime) -> int:
    """Delete files that no row names, left by a crash or a rollback; how many."""
    old = c.spool.older_than((now - _ORPHANED_FOR).timestamp())
    named = select(contents.c.file).where(contents.c.file.in_(bindparam("files", expanding=True)))
    orphans = set(old) - set(c.sql.execute(named, {"files": old}).scalars()) if old else set()
    c.spool.remove(orphans)
    return len(orphans)


def _drop_settled(c: Connection, now: datetime, keep_bodies: timedelta) -> int:
    bodies = list(c.sql.execute(_BODIES, {"before": now - keep_bodies}).scalars())
    contents_of.drop(c, bodies)
    items = list(c.sql.execute(_SETTLED, {"before": now - SETTLED_KEPT}).scalars())
    _drop_items(c, items)
    return len(bodies) + len(items)


def _drop_items(c: Connection, ids: list[str]) -> None:
    if ids:
        contents_of.drop(c, ids)
        c.sql.execute(_DROP_ITEMS, {"ids": ids})


def _drop_threads(c: Connection, before: datetime) -> int:
    old = c.sql.execute(_THREADS, {"before": before}).all()
    if not old:
        return 0
    ids = {"ids": [row.id for row in old]}
    _drop_items(c, list(c.sql.execute(_MAIL_OF, ids).scalars()))
    c.sql.execute(_DROP_MESSAGE_IDS, ids)
    lessons.drop(c, ids["ids"])
    likenesses.drop(c, ids["ids"])
    c.sql.execute(_DROP_THREADS, ids)
    people = [row.candidate_id for row in old if row.candidate_id]
    if people:
        c.sql.execute(_DROP_STRANGERS, {"ids": people})
    return len(old)


def _rows(c: Connection, statement: Delete, **values: object) -> int:
    return c.sql.execute(statement, values).rowcount
