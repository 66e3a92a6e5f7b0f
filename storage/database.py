"""One database: its engine, its transactions, and what can go wrong with it.

SQLite runs in WAL mode with synchronous=FULL, PostgreSQL with synchronous_commit=on: what was
committed survives a power cut. Any number of threads and processes may work on one database.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy
from sqlalchemy import exc

from storage.engine import (
    BUSY_SECONDS,
    READING,
    begin_reading,
    begin_writing,
    open_engine,
    surveying,
)
from storage.failures import Unavailable
from storage.schema import HEAD
from storage.spool import Spool
from storage.vault import Keyring, Vault


@dataclass(frozen=True, slots=True)
class Connection:
    """One open transaction. `gone` names the spooled files to remove once it is committed."""

    sql: sqlalchemy.Connection
    vault: Vault
    spool: Spool
    gone: list[str] = field(default_factory=list)

    def surveying(self) -> AbstractContextManager[None]:
        """For reading what is about whole tables: all of it sees one state of the database."""
        return surveying(self.sql)


class Database:
    """Opens transactions on the database at `url`; `key` is the master key, 32 bytes."""

    def __init__(self, url: str, key: bytes, spool: Path | None = None) -> None:
        self.url = sqlalchemy.make_url(url)
        self.ring = Keyring(key)
        self.spool = Spool(spool or _beside(self.url))
        self.engine = open_engine(self.url)
        self._reading = self.engine
        if self.engine.dialect.name == "postgresql":
            self._reading = self.engine.execution_options(**READING)
        # SQLite has one writer. Threads of one process queue here rather than poll the file.
        self._turn = threading.Lock() if self.engine.dialect.name == "sqlite" else None

    def migrate(self) -> None:
        """Bring the tables to the newest revision and make the keys; safe when two start at once.

        Raises Unavailable, or Unsealable if the master key is not this database's.
        """
        self.spool.create()
        if not self._is_current():
            # Alembic takes 0.4 s to import, and nearly every start finds nothing to do.
            from storage.migrating import upgrade

            with translated():
                upgrade(self.engine, self.ring)
        with self.read() as connection:
            self.ring.load(connection.sql)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A short transaction that only reads. Raises Unavailable."""
        with translated(), self._reading.connect() as sql:
            begin_reading(sql)
            yield Connection(sql, Vault(self.ring, sql), self.spool)

    @contextmanager
    def write(self, durable: bool = True) -> Iterator[Connection]:
        """One transaction, committed at the end of the block, rolled back by an exception.

        One that is not durable outlives this process but perhaps not a power cut, and costs no
        flush: enough for a lease. Raises Unavailable; whether it was committed is then unknown.
        """
        with translated(), self._in_turn(), self.engine.connect() as sql, sql.begin():
            begin_writing(sql, durable)
            connection = Connection(sql, Vault(self.ring, sql), self.spool)
            yield connection
        self.spool.remove(connection.gone)

    def close(self) -> None:
        """Close every connection that is not in use."""
        self.engine.dispose()

    def _is_current(self) -> bool:
        try:
            with self._reading.connect() as sql:
                return (
                    sql.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD
                )
        except (exc.DBAPIError, sqlite3.Error):
            return False  # no such table, or no database: the upgrade says which

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise Unavailable("the database is locked by another write")
        try:
            yield
        finally:
            self._turn.release()


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's temporary troubles into Unavailable, and leave bugs as they are."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.InternalError) as problem:
        raise Unavailable(_first_line(problem)) from problem
    except exc.TimeoutError as problem:
        raise Unavailable("all connections to the database are in use") from problem
    except exc.DatabaseError as problem:
        if type(problem) is not exc.DatabaseError:
            raise
        raise Unavailable(_first_line(problem)) from problem  # SQLite: the file is damaged
    except sqlite3.Error as problem:  # SQLite, before SQLAlchemy has the connection
        raise Unavailable(f"the database: {problem}") from problem


def _first_line(problem: exc.DBAPIError) -> str:
    lines = str(problem.orig).strip().splitlines()
    return f"the database: {lines[0] if lines else type(problem.orig).__name__}"


def _beside(url: sqlalchemy.URL) -> Path:
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(f"{url.database}.spool")
    return Path("spool")
