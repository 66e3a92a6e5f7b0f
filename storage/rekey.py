"""A new sealing key while others read and write: what the old one sealed is sealed again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Row, bindparam, func, literal, select, tuple_

from storage import contents as contents_of
from storage.database import Connection, Database
from storage.failures import Unavailable
from storage.schema import (
    ambassadors,
    candidates,
    contents,
    keyring,
    lessons,
    message_ids,
    outbox,
    requests,
)
from storage.vault import SEAL, key_head, wait_for_sealing

SEALED_COLUMNS: tuple[Column[Any], ...] = (
    ambassadors.c.display_name,
    ambassadors.c.mailboxes,
    candidates.c.address,
    candidates.c.name,
    message_ids.c.theirs,
    outbox.c.recipient,
    outbox.c.reasons,
    contents.c.sealed,
    requests.c.note,
    lessons.c.weights,
)
_BATCH = 200  # rows in one transaction

_RENAME = (
    contents.update()
    .where(contents.c.item_id == bindparam("item"), contents.c.file == bindparam("old"))
    .values(file=bindparam("new"))
)


def rekey(database: Database, progress: Callable[[int], None] = lambda rows: None) -> None:
    """Make a new key, seal everything with it, and delete the older ones.

    `progress` is told how many rows were looked through since it was told last. Broken off, it may
    be called again. The digests by which addresses are found keep their key.
    """
    newest = _make_key(database)
    while True:
        for column in SEALED_COLUMNS:
            _reseal(database, column, progress)
        for item_id, file in _older_files(database, newest):
            _respool(database, item_id, file)
            progress(1)
        if not _is_anything_older(database, newest):
            break
    with database.write() as c:
        c.sql.execute(keyring.delete().where(keyring.c.purpose == SEAL, keyring.c.id < newest))


def _make_key(database: Database) -> int:
    """The id of a new key, once nobody can seal with an older one any more."""
    with database.write() as c:
        newest: int = c.sql.execute(select(func.max(keyring.c.id))).scalar_one() + 1
        row = {"id": newest, "purpose": SEAL, "wrapped": database.ring.wrapped()}
        c.sql.execute(keyring.insert(), [{**row, "created_at": datetime.now(UTC)}])
    with database.write() as c:
        wait_for_sealing(c.sql)
    return newest


def _reseal(database: Database, column: Column[Any], progress: Callable[[int], None]) -> None:
    """Seal a column anew, a page at a time, and leave others as much time as it takes."""
    last: Row[Any] | None = None
    while True:
        started = time.monotonic()
        with database.write(durable=False) as c:
            rows = _page(c, column, last)
            _update(c, column, rows)
        progress(len(rows))
        if len(rows) < _BATCH:
            return
        last = rows[-1]
        time.sleep(time.monotonic() - started)


def _page(c: Connection, column: Column[Any], last: Row[Any] | None) -> list[Row[Any]]:
    """The next rows by primary key: the key's columns, then the sealed one."""
    key = list(column.table.primary_key)
    query = select(*key, column).order_by(*key).limit(_BATCH).with_for_update()
    if last is not None:
        place = [literal(last[number], one.type) for number, one in enumerate(key)]
        query = query.where(tuple_(*key) > tuple_(*place))
    return list(c.sql.execute(query))


def _update(c: Connection, column: Column[Any], rows: list[Row[Any]]) -> None:
    context = f"{column.table.name}.{column.name}"
    old = [row for row in rows if row[-1] is not None and not c.vault.is_current(row[-1])]
    if not old:
        return
    key = list(column.table.primary_key)
    statement = column.table.update().values({column.name: bindparam("anew")})
    for number, one in enumerate(key):
        statement = statement.where(one == bindparam(f"key_{number}"))
    values = [
        {f"key_{number}": row[number] for number in range(len(key))}
        | {"anew": c.vault.seal(c.vault.open(row[-1], context), context)}
        for row in old
    ]
    c.sql.execute(statement, values)


def _older_files(database: Database, newest: int) -> Iterator[tuple[str, str]]:
    """Items, and their files in the spool which an older key sealed."""
    with database.read() as c:
        query = select(contents.c.item_id, contents.c.file).where(contents.c.file.is_not(None))
        rows = c.sql.execute(query).all()
    for item_id, file in rows:
        head = database.spool.head(file)
        if head and head < key_head(newest):
            yield item_id, file


def _respool(database: Database, item_id: str, file: str) -> None:
    try:
        with database.read() as c:
            new = contents_of.respool(c, file)
    except Unavailable:
        return  # it was settled meanwhile, or the disk fails: then the next round finds it again
    with database.write() as c:
        values = {"item": item_id, "old": file, "new": new}
        renamed = c.sql.execute(_RENAME, values).rowcount
        c.gone.append(file if renamed else new)


def _is_anything_older(database: Database, newest: int) -> bool:
    for column in SEALED_COLUMNS:
        older = select(column).where(func.substr(column, 1, 4) < literal(key_head(newest))).limit(1)
        with database.read() as c:
            if c.sql.execute(older).first() is not None:
                return True
    return next(_older_files(database, newest), None) is not None
