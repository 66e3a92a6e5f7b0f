"""How SQLAlchemy talks to SQLite and to PostgreSQL: connections, pragmas, the kinds of BEGIN."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 8.0  # how long a write waits for others: its client gets a 4xx within 30 s

# What a transaction is for, as an execution option. None of them: a durable write.
READING: Final[dict[str, dict[str, Any]]] = {
    "sqlite": {"begin": "reading"},
    # One statement sees one state there anyhow, and a transaction would be two more round trips.
    "postgresql": {"isolation_level": "AUTOCOMMIT", "begin": "reading"},
}
LASTING: Final[dict[str, Any]] = {"begin": "lasting"}

_CONNECTIONS = 20
_MORE_AT_PEAKS = 30
_PRAGMAS = (
    f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -16000",  # KiB per connection
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4000",  # pages: a checkpoint flushes twice
    "PRAGMA journal_size_limit = 67108864",  # what a burst left behind is given back
)


def open_engine(url: sqlalchemy.URL) -> sqlalchemy.Engine:
    """An engine for `url`; nothing is connected yet. ValueError for another kind of database."""
    pool: dict[str, Any] = {
        "pool_size": _CONNECTIONS,
        "max_overflow": _MORE_AT_PEAKS,
        "pool_timeout": BUSY_SECONDS,
    }
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _sqlite(url, pool)
    if backend == "postgresql":
        return _postgresql(url, pool)
    raise ValueError(f"{backend} is neither sqlite nor postgresql+psycopg")


def _sqlite(url: sqlalchemy.URL, pool: dict[str, Any]) -> sqlalchemy.Engine:
    path = Path(url.database or "")
    if path.name:
        _create_private(path)
    engine = sqlalchemy.create_engine(
        url, connect_args={"check_same_thread": False, "cached_statements": 256}, **pool
    )

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(sql: sqlalchemy.Connection) -> None:
        kind = sql.get_execution_options().get("begin")
        if kind == "reading":
            sql.exec_driver_sql("BEGIN")
            return
        # In WAL mode NORMAL leaves the flush to the next durable commit.
        flush = "NORMAL" if kind == "lasting" else "FULL"
        sql.exec_driver_sql(f"PRAGMA synchronous = {flush}")
        sql.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _create_private(path: Path) -> None:
    """An empty file that only its owner may read; SQLite gives its WAL the same mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _postgresql(url: sqlalchemy.URL, pool: dict[str, Any]) -> sqlalchemy.Engine:
    options = f"-c synchronous_commit=on -c lock_timeout={int(BUSY_SECONDS * 1000)}"
    engine = sqlalchemy.create_engine(
        url,
        connect_args={"options": options, "application_name": "peerpost", "connect_timeout": 8},
        **pool,
    )

    @event.listens_for(engine, "begin")
    def begin(sql: sqlalchemy.Connection) -> None:
        if sql.get_execution_options().get("begin") == "lasting":
            sql.exec_driver_sql("SET LOCAL synchronous_commit TO off")

    return engine
