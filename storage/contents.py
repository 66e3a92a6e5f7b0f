"""What an outgoing message says: sealed in the table, or sealed in a file of the spool if large."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from storage.database import Connection
from storage.records.mail import Outgoing
from storage.schema import contents
from storage.spool import LARGE

_SEALED = "contents.sealed"

_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_OF = select(contents).where(contents.c.item_id.in_(_IDS))
_FILES = select(contents.c.file).where(contents.c.item_id.in_(_IDS), contents.c.file.is_not(None))
_DROP = contents.delete().where(contents.c.item_id.in_(_IDS))
_KEEP = (
    contents.update()
    .where(contents.c.item_id == bindparam("item"))
    .values(kept_since=bindparam("since"))
)


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file of the spool that no row names yet, and its first bytes, which tell its key."""

    file: str
    head: bytes


def spool_large(c: Connection, outgoing: Iterable[Outgoing]) -> dict[str, Spooled]:
    """Put what is large on disk, outside of any write transaction: item id -> file."""
    return {one.id: _spool(c, one.content) for one in outgoing if is_large(one)}


def is_large(one: Outgoing) -> bool:
    """Whether its content goes into a file."""
    return len(one.content) > LARGE


def add(c: Connection, outgoing: Iterable[Outgoing], files: Mapping[str, Spooled]) -> None:
    """Store contents by item id; `files` are those that were spooled already."""
    rows = [_row(c, one, files.get(one.id)) for one in outgoing]
    if rows:
        c.sql.execute(contents.insert(), rows)


def read(c: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    """The contents of these items; those that are deleted are missing."""
    rows = c.sql.execute(_OF, {"ids": ids})
    return {
        row.item_id: c.vault.open(c.spool.read(row.file) if row.file else row.sealed, _SEALED)
        for row in rows
    }


def drop(c: Connection, ids: Sequence[str]) -> None:
    """Delete the contents of these items; their files go once this is committed."""
    if ids:
        c.gone.extend(c.sql.execute(_FILES, {"ids": ids}).scalars())
        c.sql.execute(_DROP, {"ids": ids})


def keep(c: Connection, settled: Iterable[tuple[str, datetime]]) -> None:
    """Leave the contents of these items to `purge`, from the moment each was settled."""
    rows = [{"item": item_id, "since": at} for item_id, at in settled]
    if rows:
        c.sql.execute(_KEEP, rows)


def respool(c: Connection, file: str) -> str:
    """The name of a new file with the same content, sealed with the newest key."""
    return _spool(c, c.vault.open(c.spool.read(file), _SEALED)).file


def _row(c: Connection, one: Outgoing, spooled: Spooled | None) -> dict[str, Any]:
    if not is_large(one):
        return {"item_id": one.id, "sealed": c.vault.seal(one.content, _SEALED), "file": None}
    if spooled is None or not c.vault.is_current(spooled.head):
        spooled = _spool(c, one.content)  # a new key was made since: the old file is swept
    return {"item_id": one.id, "sealed": None, "file": spooled.file}


def _spool(c: Connection, content: bytes) -> Spooled:
    head, body = c.vault.seal_parts(content, _SEALED)
    return Spooled(c.spool.write((head, body)), head)
