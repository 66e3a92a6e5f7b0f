"""What an outgoing message says: sealed in the table, or sealed in a file of the spool if large."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from storage.database import Connection
from storage.schema import contents
from storage.spool import LARGE, Spool
from storage.vault import Vault

_SEALED = "contents.sealed"

_OF = select(contents).where(contents.c.item_id.in_(bindparam("ids", expanding=True)))
_FILES = select(contents.c.file).where(
    contents.c.item_id.in_(bindparam("ids", expanding=True)), contents.c.file.is_not(None)
)
_DROP = contents.delete().where(contents.c.item_id.in_(bindparam("ids", expanding=True)))


def spooled(vault: Vault, spool: Spool, large: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Put contents into files and flush them: item id -> file name."""
    return {item_id: spool.write(vault.seal(content, _SEALED)) for item_id, content in large}


def add(c: Connection, new: Iterable[tuple[str, bytes]], files: Mapping[str, str]) -> None:
    """Store contents by item id; `files` names those that were spooled already."""
    rows = [_row(c, item_id, content, files.get(item_id)) for item_id, content in new]
    if rows:
        c.sql.execute(contents.insert(), rows)


def read(c: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    """The contents of these items; those that are deleted are missing."""
    rows = c.sql.execute(_OF, {"ids": ids})
    return {
        row.item_id: c.vault.open(
            row.sealed if row.file is None else c.spool.read(row.file), _SEALED
        )
        for row in rows
    }


def drop(c: Connection, ids: Sequence[str]) -> None:
    """Delete the contents of these items; their files go when this is committed."""
    if ids:
        c.gone.extend(c.sql.execute(_FILES, {"ids": ids}).scalars())
        c.sql.execute(_DROP, {"ids": ids})


def _row(c: Connection, item_id: str, content: bytes, file: str | None) -> dict[str, Any]:
    if len(content) > LARGE:
        file = file or c.spool.write(c.vault.seal(content, _SEALED))
        return {"item_id": item_id, "sealed": None, "file": file}
    return {"item_id": item_id, "sealed": c.vault.seal(content, _SEALED), "file": None}
