"""Opening, migrating, and what is said when a database does not obey."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from stores import KEY, NOW, an_outgoing

from storage import outbox
from storage.changes import apply
from storage.database import Database
from storage.engine import BUSY_SECONDS
from storage.failures import Unavailable, Unsealable
from storage.migrating import configuration
from storage.records.changes import Changes
from storage.schema import HEAD, metadata
from storage.writer import Writer

MIGRATE = """
import sys
from pathlib import Path
from storage.database import Database
database = Database(sys.argv[1], sys.argv[2].encode(), Path(sys.argv[3]))
database.migrate()
with database.write() as c:
    sealed = c.vault.seal(b"seen", "a.b")
print(sealed.hex())
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database, on SQLite and on PostgreSQL."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


Open = Callable[[str, Path], Database]


def test_migrating_twice_changes_nothing(url: str, tmp_path: Path, open_database: Open) -> None:
    database = open_database(url, tmp_path / "spool")
    database.migrate()
    with database.write() as c:
        sealed = c.vault.seal(b"kept", "a.b")
    again = open_database(url, tmp_path / "spool")
    again.migrate()
    with again.read() as c:
        assert c.vault.open(sealed, "a.b") == b"kept"


def test_three_who_migrate_at_once_find_one_set_of_keys(
    url: str, tmp_path: Path, open_database: Open
) -> None:
    command = [sys.executable, "-c", MIGRATE, url, KEY.decode(), str(tmp_path / "spool")]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = [(*one.communicate(timeout=60), one.returncode) for one in running]
    assert [code for _, _, code in ended] == [0, 0, 0], ended
    database = open_database(url, tmp_path / "spool")
    with database.read() as c:
        for sealed, _, _ in ended:
            assert c.vault.open(bytes.fromhex(sealed), "a.b") == b"seen"


def test_the_migrations_make_the_tables_of_the_schema(
    url: str, tmp_path: Path, open_database: Open
) -> None:
    database = open_database(url, tmp_path / "spool")
    database.migrate()
    with database.engine.connect() as sql:
        context = MigrationContext.configure(sql, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        script = ScriptDirectory.from_config(configuration(sql))
    assert script.get_current_head() == HEAD


def test_a_migrated_sqlite_minds_who_names_whom(
    sqlite_url: str, tmp_path: Path, open_database: Open
) -> None:
    database = open_database(sqlite_url, tmp_path / "spool")
    database.migrate()
    for _ in range(3):
        with database.read() as c:
            assert c.sql.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_every_migration_can_be_undone(url: str, tmp_path: Path, open_database: Open) -> None:
    from alembic import command

    database = open_database(url, tmp_path / "spool")
    database.migrate()
    with database.engine.begin() as sql:
        config: Config = configuration(sql)
        command.downgrade(config, "base")
        assert sqlalchemy.inspect(sql).get_table_names() == ["alembic_version"]
        command.upgrade(config, "head")


def test_another_master_key_is_told_at_once(url: str, tmp_path: Path, open_database: Open) -> None:
    open_database(url, tmp_path / "spool").migrate()
    other = Database(url, b"another key of thirty-two bytes!", tmp_path / "spool")
    with pytest.raises(Unsealable, match=r"storage\.key"):
        other.migrate()
    other.close()


def test_a_database_of_a_newer_version_is_told_at_once(
    url: str, tmp_path: Path, open_database: Open
) -> None:
    database = open_database(url, tmp_path / "spool")
    database.migrate()
    with database.engine.begin() as sql:
        sql.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unavailable, match="newer version"):
        database.migrate()


def test_a_commit_is_flushed_to_disk(database: Database) -> None:
    with database.write() as c:
        if database.engine.dialect.name == "sqlite":
            assert c.sql.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
            assert c.sql.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        else:
            assert c.sql.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_a_lasting_write_costs_no_flush_and_the_next_one_does(database: Database) -> None:
    with database.write(durable=False) as c:
        if database.engine.dialect.name == "sqlite":
            assert c.sql.exec_driver_sql("PRAGMA synchronous").scalar() == 1  # NORMAL
        else:
            assert c.sql.exec_driver_sql("SHOW synchronous_commit").scalar() == "off"
    test_a_commit_is_flushed_to_disk(database)


def test_an_exception_rolls_back(database: Database) -> None:
    def fail() -> None:
        with database.write() as c:
            apply(c, Changes(outgoing=(an_outgoing(content=b"x" * 100_000),)), NOW)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with database.read() as c:
        assert outbox.waiting(c) == 0


def test_a_database_and_its_spool_are_for_their_owner_only(
    sqlite_url: str, tmp_path: Path, open_database: Open
) -> None:
    database = open_database(sqlite_url, tmp_path / "spool")
    database.migrate()
    with database.write() as c:
        apply(c, Changes(outgoing=(an_outgoing(content=b"x" * 100_000),)), NOW)
    folder = tmp_path / "var"
    for path in (*folder.iterdir(), *(tmp_path / "spool").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE((tmp_path / "spool").stat().st_mode) == 0o700


def test_a_locked_database_is_unavailable_after_a_while(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert BUSY_SECONDS < 15
    other = sqlite3.connect(sqlite_database.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("storage.engine.BUSY_SECONDS", 0.05)
    with pytest.raises(Unavailable, match="locked"), sqlite_database.write():
        pass
    with sqlite_database.read() as c:
        assert outbox.waiting(c) == 0  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    with sqlite_database.write():
        pass


def test_a_damaged_file_is_unavailable(tmp_path: Path, open_database: Open) -> None:
    path = tmp_path / "peerpost.db"
    path.write_bytes(os.urandom(8192))
    database = open_database(f"sqlite:///{path}", tmp_path / "spool")
    with pytest.raises(Unavailable, match="not a database"):
        database.migrate()


def test_a_folder_that_cannot_be_is_unavailable(tmp_path: Path, open_database: Open) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable, match="file"):
        open_database(f"sqlite:///{tmp_path}/file/peerpost.db", tmp_path / "spool")


def test_a_full_disk_is_unavailable_and_passes(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as sql:
        pages = sql.exec_driver_sql("PRAGMA page_count").scalar_one()
        sql.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    writer = Writer(sqlite_database)
    items = tuple(an_outgoing(content=b"x" * 60_000) for _ in range(5))
    assert isinstance(writer.commit(Changes(outgoing=items), NOW).exception(), Unavailable)
    with sqlite_database.engine.connect() as sql:
        sql.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert len(writer.commit(Changes(outgoing=items), NOW).result()) == 5
    writer.close()


def test_a_server_out_of_reach_is_unavailable(tmp_path: Path, open_database: Open) -> None:
    url = f"postgresql+psycopg:///peerpost?host={tmp_path}"
    with pytest.raises(Unavailable):
        open_database(url, tmp_path / "spool").migrate()


def test_a_lost_connection_is_made_again(postgresql_database: Database) -> None:
    writer = Writer(postgresql_database)
    writer.submit(outbox.waiting).result()
    with postgresql_database.read() as c:
        c.sql.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert len(writer.commit(Changes(outgoing=(an_outgoing(),)), NOW).result()) == 1
    writer.close()


def test_only_sqlite_and_postgresql_are_spoken(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mysql"):
        Database("mysql://localhost/peerpost", KEY, tmp_path)
