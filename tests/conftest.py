"""Databases and servers that any test may ask for."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from servers import create_database, drop_database, redis_server, start_postgresql
from stores import KEY

from storage.database import Database
from storage.schema import keyring, metadata
from storage.writer import Writer

_numbers = itertools.count(1)

# Files whose tests share what takes seconds to make: one worker makes it and runs them all.
_TOGETHER = frozenset(
    {
        "tests/journeys/test_proxy.py",
        "tests/journeys/test_rabbitmq.py",
        "tests/journeys/test_two_months.py",
        "tests/relay/reports/test_directory.py",
        "tests/relay/reports/test_page_in_browser.py",
        "tests/screening/scanners/test_scan.py",
    }
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Every other test goes to whoever is free, where xdist would hand them out by the hundred."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return file if file in _TOGETHER else nodeid

    return Scheduling(config, log)


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """The URL of a real PostgreSQL for psycopg; one server for all workers of a run."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return start_postgresql(Path(tempfile.gettempdir()) / f"peerpost-postgresql-{run}")


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
    """The URL of a migrated database: one for each worker, because a new one takes long."""
    url = create_database(postgresql_server, f"migrated_{os.getpid()}")
    _migrate(url, tmp_path_factory.mktemp("spool"))
    return url


@pytest.fixture
def sqlite_database(_sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database of its own."""
    path = tmp_path / "peerpost.db"
    shutil.copy(_sqlite_template, path)
    yield from _opened(f"sqlite:///{path}", tmp_path)


@pytest.fixture
def postgresql_database(_postgresql_template: str, tmp_path: Path) -> Iterator[Database]:
    """A migrated PostgreSQL database with nothing in it but its keys."""
    opened = _opened(_postgresql_template, tmp_path)
    for database in opened:
        with database.engine.begin() as sql:
            keys = [dict(row) for row in sql.execute(keyring.select()).mappings()]
        yield database
        with database.engine.begin() as sql:
            for table in reversed(metadata.sorted_tables):
                sql.execute(table.delete())
            sql.execute(keyring.insert(), keys)


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
