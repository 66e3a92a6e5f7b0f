"""Fingerprints of first contacts, to know a mass mail again; without the key they tell nothing."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select

from storage.database import Connection
from storage.failures import Conflict
from storage.records.screening import Likeness
from storage.schema import likeness_bands, likenesses

KEPT = timedelta(days=30)
_MOST = 500  # fingerprints that are compared with one

_ALIKE = (
    select(likenesses.c.marks)
    .where(
        likenesses.c.thread_id.in_(
            select(likeness_bands.c.thread_id)
            .where(
                likeness_bands.c.band.in_(bindparam("bands", expanding=True)),
                likeness_bands.c.thread_id.not_in(bindparam("but", expanding=True)),
            )
            .distinct()
            .limit(_MOST)
        ),
        likenesses.c.at > bindparam("since"),
    )
    .limit(_MOST)
)
_SINCE = select(likenesses.c.at).where(likenesses.c.thread_id == bindparam("thread"))
_IDS: Any = bindparam("ids", expanding=True)
_DROP_BANDS = delete(likeness_bands).where(likeness_bands.c.thread_id.in_(_IDS))
_DROP = delete(likenesses).where(likenesses.c.thread_id.in_(_IDS))
_OLD = (
    select(likenesses.c.thread_id)
    .where(likenesses.c.at <= bindparam("before"))
    .limit(bindparam("most"))
)


def key(c: Connection) -> bytes:
    """The key under which fingerprints are made: another one in each database."""
    return c.vault.digest("likeness", "")


def near(
    c: Connection, bands: Sequence[int], now: datetime, but: Collection[str] = ()
) -> tuple[tuple[int, ...], ...]:
    """The fingerprints of the last 30 days that share a band with these, but for some threads'."""
    if not bands:
        return ()
    values = {"bands": list(bands), "since": now - KEPT, "but": list(but)}
    return tuple(
        struct.unpack(f">{len(marks) // 4}I", marks)
        for marks in c.sql.execute(_ALIKE, values).scalars()
    )


def add(c: Connection, new: Iterable[Likeness]) -> None:
    """Keep these fingerprints, of which each thread has one at most.

    Raises Conflict if one that is near came since the decision was made: of two copies that come
    at the same time one is the later one.
    """
    for one in new:
        if len(near(c, one.bands, one.at, (one.thread_id, *one.apart))) > one.known:
            raise Conflict("another copy came meanwhile")
        marks = struct.pack(f">{len(one.marks)}I", *one.marks)
        c.sql.execute(
            likenesses.insert(), {"thread_id": one.thread_id, "at": one.at, "marks": marks}
        )
        found_by = [{"band": band, "thread_id": one.thread_id} for band in one.bands]
        c.sql.execute(likeness_bands.insert(), found_by)


def kept_since(c: Connection, thread_id: str) -> datetime | None:
    """Since when a fingerprint of what opened this thread is kept, if one is."""
    return c.sql.execute(_SINCE, {"thread": thread_id}).scalar()


def drop(c: Connection, thread_ids: Sequence[str]) -> None:
    """Forget the fingerprints of these threads."""
    if thread_ids:
        c.sql.execute(_DROP_BANDS, {"ids": list(thread_ids)})
        c.sql.execute(_DROP, {"ids": list(thread_ids)})


def purge(c: Connection, now: datetime, most: int) -> int:
    """Forget a portion of those older than 30 days; how many."""
    old = list(c.sql.execute(_OLD, {"before": now - KEPT, "most": most}).scalars())
    drop(c, old)
    return len(old)
