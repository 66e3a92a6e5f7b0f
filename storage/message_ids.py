"""The Message-IDs of a thread: each message has one of its author's program, and one of ours."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, or_, select

from storage.database import Connection
from storage.records.people import Side
from storage.records.threads import MessageIds
from storage.schema import message_ids

_KIND = "message-id"  # of digest
_THEIR = "message_ids.theirs"  # what is sealed

_KNOWN = (
    select(message_ids.c.author, message_ids.c.theirs, message_ids.c.ours)
    .where(
        message_ids.c.thread_id == bindparam("thread_id"),
        or_(
            message_ids.c.digest.in_(bindparam("digests", expanding=True)),
            message_ids.c.ours.in_(bindparam("ids", expanding=True)),
        ),
    )
    .order_by(message_ids.c.at)  # of an id that a program used twice, the newer message counts
)
_LAST = (
    select(message_ids.c.author, message_ids.c.theirs, message_ids.c.ours)
    .where(message_ids.c.thread_id == bindparam("thread_id"))
    .order_by(message_ids.c.at.desc())
    .limit(1)
)
_WRITTEN = (
    select(message_ids.c.theirs)
    .where(
        message_ids.c.thread_id == bindparam("thread_id"),
        message_ids.c.author == bindparam("author"),
    )
    .order_by(message_ids.c.at)
)


def counterparts(c: Connection, thread_id: str, side: Side, ids: Iterable[str]) -> dict[str, str]:
    """What the other side's mail program knows by another id, for each of these of `side`'s.

    What `side` wrote it knows by its own id and the other by ours; of what it got the reverse.
    """
    wanted = frozenset(ids)
    if not wanted:
        return {}
    digests = [c.vault.digest(_KIND, one) for one in wanted]
    values = {"thread_id": thread_id, "digests": digests, "ids": list(wanted)}
    found: dict[str, str] = {}
    for author, sealed, ours in c.sql.execute(_KNOWN, values):
        theirs = c.vault.open_text(sealed, _THEIR)
        known, other = (theirs, ours) if author == side else (ours, theirs)
        if known in wanted:
            found[known] = other
    return found


def last_known(c: Connection, thread_id: str, reader: Side) -> str:
    """The Message-ID of the newest message, as `reader`'s mail program knows it; "" if none."""
    row = c.sql.execute(_LAST, {"thread_id": thread_id}).first()
    if row is None:
        return ""
    if row.author == reader:
        return c.vault.open_text(row.theirs, _THEIR)
    return str(row.ours)


def theirs_of(c: Connection, thread_id: str) -> tuple[str, ...]:
    """Those that the candidate's mail program made in this thread, in order of time."""
    sealed = c.sql.execute(_WRITTEN, {"thread_id": thread_id, "author": Side.CANDIDATE}).scalars()
    return tuple(c.vault.open_text(one, _THEIR) for one in sealed)


def add(c: Connection, pairs: Iterable[MessageIds]) -> None:
    """Remember pairs of Message-IDs."""
    rows = [
        {
            "thread_id": pair.thread_id,
            "ours": pair.ours,
            "author": pair.author,
            "digest": c.vault.digest(_KIND, pair.theirs),
            "theirs": c.vault.seal_text(pair.theirs, _THEIR),
            "at": pair.at,
        }
        for pair in pairs
    ]
    if rows:
        c.sql.execute(message_ids.insert(), rows)
