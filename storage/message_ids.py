"""The Message-IDs of a thread: each message has one of its author's program, and one of ours."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from storage.database import Connection
from storage.records.people import Side
from storage.records.threads import MessageIds
from storage.schema import message_ids

_KIND = "message-id"  # of digest
_THEIR = "message_ids.theirs"  # what is sealed

_OURS = (
    select(message_ids.c.theirs, message_ids.c.ours)
    .where(
        message_ids.c.thread_id == bindparam("thread_id"),
        message_ids.c.author == bindparam("author"),
        message_ids.c.digest.in_(bindparam("digests", expanding=True)),
    )
    .order_by(message_ids.c.at)  # of an id that a program used twice, the newer message counts
)
_THEIRS = select(message_ids.c.theirs, message_ids.c.ours).where(
    message_ids.c.thread_id == bindparam("thread_id"),
    message_ids.c.author == bindparam("author"),
    message_ids.c.ours.in_(bindparam("ids", expanding=True)),
)
_LAST = (
    select(message_ids.c.author, message_ids.c.theirs, message_ids.c.ours)
    .where(message_ids.c.thread_id == bindparam("thread_id"))
    .order_by(message_ids.c.at.desc())
    .limit(1)
)


def ours_by_theirs(
    c: Connection, thread_id: str, author: Side, ids: Iterable[str]
) -> dict[str, str]:
    """Which Message-ID we gave to each of these, which `author`'s program made."""
    digests = {c.vault.digest(_KIND, one): one for one in ids}
    if not digests:
        return {}
    values = {"thread_id": thread_id, "author": author, "digests": list(digests)}
    rows = c.sql.execute(_OURS, values)
    return {c.vault.open_text(theirs, _THEIR): ours for theirs, ours in rows}


def theirs_by_ours(
    c: Connection, thread_id: str, author: Side, ids: Iterable[str]
) -> dict[str, str]:
    """Which Message-ID `author`'s program had made for each of these, which we gave."""
    wanted = list(ids)
    if not wanted:
        return {}
    values = {"thread_id": thread_id, "author": author, "ids": wanted}
    rows = c.sql.execute(_THEIRS, values)
    return {ours: c.vault.open_text(theirs, _THEIR) for theirs, ours in rows}


def last_known(c: Connection, thread_id: str, reader: Side) -> str:
    """The Message-ID of the newest message, as `reader`'s mail program knows it; "" if none."""
    row = c.sql.execute(_LAST, {"thread_id": thread_id}).first()
    if row is None:
        return ""
    if row.author == reader:
        return c.vault.open_text(row.theirs, _THEIR)
    return str(row.ours)


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
