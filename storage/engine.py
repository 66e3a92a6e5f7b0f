"""How SQLAlchemy talks to SQLite and to PostgreSQL: connections, pragmas, the kinds of BEGIN."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from storage.failures import Unavailable

BUSY_SECONDS = 8.0  # how long a write waits for others: its client gets a 4xx within 30 s

# On PostgreSQL one statement sees one state anyhow: a transaction would be two more round trips.
READING: Final[dict[str, Any]] = {"isolation_level": "AUTOCOMMIT"}

_CONNECTIONS = 10
_MORE_AT_PEAKS = 40
_BUSY_TIMEOUT = f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}"
# One state for all statements, and what it takes to add up a million rows: groups in memory and
# never by sorting, which a planner without statistics thinks cheap, and plans for these very rows,
# to the last of them. Compiling the plans costs more than it saves.
_SURVEY = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL work_mem = '64MB';
SET LOCAL enable_sort = off;
SET LOCAL jit = off;
SET LOCAL plan_cache_mode = force_custom_plan;
SET LOCAL cursor_tuple_fraction = 1
"""
_PRAGMAS = (
    _BUSY_TIMEOUT,
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -4000",  # KiB per connection; the system's own cache is behind it
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4000",  # pages: a checkpoint flushes twice
    "PRAGMA journal_size_limit = 67108864",  # what a burst left behind is given back
)


def open_engine(url: sqlalchemy.URL) -> sqlalchemy.Engine:
    """An engine for `url`; nothing is connected yet.

    Raises ValueError for another kind of database, Unavailable if its file cannot be written.
    """
    options: dict[str, Any] = {
        "hide_parameters": True,  # in the texts of errors, which end in logs
        "pool_size": _CONNECTIONS,
        "max_overflow": _MORE_AT_PEAKS,
        "pool_timeout": BUSY_SECONDS,
        "pool_use_lifo": True,  # the warm one first
    }
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _sqlite(url, options)
    if backend == "postgresql":
        return _postgresql(url, options)
    raise ValueError(f"{backend} is neither sqlite nor postgresql+psycopg")


def _sqlite(url: sqlalchemy.URL, options: dict[str, Any]) -> sqlalchemy.Engine:
    path = Path(url.database or "")
    if path.name:
        _create_private(path)
    engine = sqlalchemy.create_engine(
        url, connect_args={"check_same_thread": False, "cached_statements": 256}, **options
    )

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    return engine


def _create_private(path: Path) -> None:
    """An empty file that only its owner may read; SQLite gives its WAL the same mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as problem:
        raise Unavailable(f"{path}: {problem.strerror or problem}") from problem


def _postgresql(url: sqlalchemy.URL, options: dict[str, Any]) -> sqlalchemy.Engine:
    commands = f"-c synchronous_commit=on -c lock_timeout={int(BUSY_SECONDS * 1000)}"
    arguments = {"options": commands, "application_name": "peerpost", "connect_timeout": 8}
    return sqlalchemy.create_engine(url, connect_args=arguments, **options)


def begin_reading(sql: sqlalchemy.Connection) -> None:
    """Begin a transaction that sees one state of the database, as far as that takes saying so."""
    if sql.dialect.name == "sqlite":
        _raw(sql).execute("BEGIN")


@contextmanager
def surveying(sql: sqlalchemy.Connection) -> Iterator[None]:
    """While whole tables are added up or read a page at a time: all of it sees one state.

    For a connection that only reads.
    """
    if sql.dialect.name == "sqlite":
        yield
        return
    with _raw(sql).transaction():
        _raw(sql).execute(_SURVEY)
        yield


def begin_writing(sql: sqlalchemy.Connection, durable: bool = True) -> None:
    """Begin a transaction that writes, flushed to disk at its commit if it is `durable`."""
    if sql.dialect.name == "sqlite":
        # In WAL mode NORMAL leaves the flush to the next durable commit.
        _raw(sql).execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        _begin_in_turn(_raw(sql))
    elif not durable:
        sql.exec_driver_sql("SET LOCAL synchronous_commit TO off")


def _begin_in_turn(connection: sqlite3.Connection) -> None:
    """BEGIN IMMEDIATE, once no other process writes. SQLite's own waiting sleeps up to 100 ms."""
    deadline = time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while not _begun(connection, deadline):
            time.sleep(random.uniform(0.0003, 0.0012))
    finally:
        connection.execute(_BUSY_TIMEOUT)


def _begun(connection: sqlite3.Connection, deadline: float) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
            raise
        return False
    return True


def _raw(sql: sqlalchemy.Connection) -> Any:
    """The driver's connection. A listener to "begin" would slow every statement down."""
    return sql.connection.driver_connection
