"""Brings a database to the newest revision with Alembic, and gives a new one its keys."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from storage.engine import begin_writing
from storage.failures import Unavailable
from storage.schema import keyring
from storage.vault import INDEX, SEAL, Keyring

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x706F7374  # the PostgreSQL advisory lock of whoever migrates
_PATIENCE = 30.0  # seconds in which another migration may end


def upgrade(engine: sqlalchemy.Engine, ring: Keyring) -> None:
    """Upgrade to the head in one transaction; whoever comes second finds it done.

    Raises Unavailable if the database is of a later revision.
    """
    if engine.dialect.name == "sqlite":
        _use_wal(engine)
    with engine.connect() as sql, _rebuilding(sql), sql.begin():
        begin_writing(sql)
        if engine.dialect.name == "postgresql":
            sql.exec_driver_sql("SET LOCAL lock_timeout TO 0")
            sql.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        try:
            command.upgrade(configuration(sql), "head")
        except CommandError as problem:
            raise Unavailable("the database was made by a newer version of Peerpost") from problem
        _make_keys(sql, ring)


@contextmanager
def _rebuilding(sql: sqlalchemy.Connection) -> Iterator[None]:
    """SQLite changes a table by copying and dropping it, which must not delete what names it."""
    if sql.dialect.name != "sqlite":
        yield
        return
    raw = cast(sqlite3.Connection, sql.connection.driver_connection)
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def configuration(sql: sqlalchemy.Connection) -> Config:
    """Alembic's settings, for the scripts in this package and the connection `sql`."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = sql
    return config


def _make_keys(sql: sqlalchemy.Connection, ring: Keyring) -> None:
    if sql.execute(sqlalchemy.select(keyring.c.id).limit(1)).first() is not None:
        return
    now = datetime.now(UTC)
    rows = [
        {"id": number, "purpose": purpose, "wrapped": ring.wrapped(), "created_at": now}
        for number, purpose in enumerate((INDEX, SEAL))
    ]
    sql.execute(keyring.insert(), rows)


def _use_wal(engine: sqlalchemy.Engine) -> None:
    """Change to WAL for good. SQLite does not wait for its turn here, so we do."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        finally:
            raw.close()
