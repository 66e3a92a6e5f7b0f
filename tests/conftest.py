"""Databases and servers that any test may ask for."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers import create_database, drop_database, redis_server, start_postgresql
from stores import KEY

from storage.database import Database
from storage.writer import Writer

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a real PostgreSQL for psycopg; one server for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return start_postgresql(shared / "postgresql")


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """An empty database on a real PostgreSQL, for SQLAlchemy."""
    name = f"empty_{os.getpid()}_{next(_numbers)}"
    yield create_database(postgresql_server, name)
    drop_database(postgresql_server, name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'var' / 'peerpost.db'}"


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, to be copied."""
    path = tmp_path_factory.mktemp("template") / "peerpost.db"
    _migrate(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def _postgresql_template(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated database, to be copied."""
    name = f"template_{os.getpid()}"
    _migrate(create_database(postgresql_server, name), tmp_path_factory.mktemp("spool"))
    return name


@pytest.fixture
def sqlite_database(_sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database of its own."""
    path = tmp_path / "peerpost.db"
    shutil.copy(_sqlite_template, path)
    yield from _opened(f"sqlite:///{path}", tmp_path)


@pytest.fixture
def postgresql_database(
    postgresql_server: str, _postgresql_template: str, tmp_path: Path
) -> Iterator[Database]:
    """A migrated PostgreSQL database of its own."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    yield from _opened(create_database(postgresql_server, name, _postgresql_template), tmp_path)
    drop_database(postgresql_server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A migrated database of its own: each test runs on SQLite and on PostgreSQL."""
    opened: Database = request.getfixturevalue(f"{request.param}_database")
    return opened


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    """A writer on `database`."""
    opened = Writer(database)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis, one for each worker."""
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def open_database() -> Iterator[Callable[[str, Path], Database]]:
    """Opens a database at a URL with a folder for its spool, and closes it in the end."""
    opened: list[Database] = []

    def open_one(url: str, spool: Path) -> Database:
        opened.append(Database(url, KEY, spool))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def _migrate(url: str, spool: Path) -> None:
    database = Database(url, KEY, spool)
    database.migrate()
    database.close()


def _opened(url: str, folder: Path) -> Iterator[Database]:
    database = Database(url, KEY, folder / "spool")
    database.spool.create()
    yield database
    database.close()
