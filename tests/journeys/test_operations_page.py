"""The commands of docs/operations.md, as they stand there: backed up while it runs, and restored."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from servers import postgresql_programs
from world import ALEX, DOMAIN, World, a_world, eventually, marker

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
PEER = f"peer-alex@{DOMAIN}"
LARGE = "So much to tell.\r\n" * 6000  # lies in the spool


def run(name: str, installed: Path, backup: Path, database: str = "") -> None:
    """The block of commands with this name; its two folders are elsewhere here."""
    block = re.search(rf"^```sh {name}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert block, f"the page has no block {name}"
    commands = block[1].replace("/var/lib/peerpost", str(installed)).replace("/backup", str(backup))
    path = f"{postgresql_programs()}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        env={**os.environ, "PATH": path, "DATABASE": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}"


def a_letter_waits(world: World) -> tuple[str, list[str]]:
    """A conversation, and two letters that the next host does not take yet."""
    world.start()
    assert world.send("dana@mailer.test", PEER, "Hello?\r\n")[0] == 250
    guest = world.arrived(ALEX, "Hello?").answers_to
    world.smarthost.answers["RCPT"] = b"450 4.2.1 not yet\r\n"
    words = [marker(), marker()]
    for word, more in zip(words, ("", LARGE), strict=True):
        assert world.send("dana@mailer.test", PEER, f"{word}\r\n{more}")[0] == 250
    eventually(lambda: len(world.listed("queue")) == 2, "two that wait")
    return guest, words


def goes_on(world: World, guest: str, words: list[str]) -> None:
    """What waited arrives, and an address that was given out before still works."""
    world.smarthost.answers.clear()
    world.start()
    for word in words:
        world.arrived(ALEX, word)
    assert world.send(ALEX, guest, "Hello!\r\n")[0] == 250
    world.arrived("dana@mailer.test", "Hello!")


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="needs sqlite3: apt-get install sqlite3")
def test_sqlite_is_backed_up_while_it_runs_and_restored(tmp_path: Path) -> None:
    installed, backup = tmp_path / "installed", tmp_path / "backup"
    with a_world(installed) as world:
        (installed / "var").mkdir()
        (installed / "peerpost.db").rename(installed / "var" / "peerpost.db")
        world.settings["storage.url"] = f"sqlite:///{installed}/var/peerpost.db"
        waiting = a_letter_waits(world)
        for name in ("backup-keys", "backup-sqlite"):
            run(name, installed, backup)
        world.kill()
        shutil.rmtree(installed)
        for name in ("restore-keys", "restore-sqlite"):
            run(name, installed, backup)
        goes_on(world, *waiting)


def test_postgresql_is_backed_up_while_it_runs_and_restored(
    tmp_path: Path, postgresql_url: str
) -> None:
    installed, backup = tmp_path / "installed", tmp_path / "backup"
    database = postgresql_url.replace("+psycopg", "")
    installed.mkdir()
    spool = str(installed / "spool")
    with a_world(installed, storage__url=postgresql_url, storage__spool=spool) as world:
        waiting = a_letter_waits(world)
        for name in ("backup-keys", "backup-postgresql"):
            run(name, installed, backup, database)
        world.do("forget", "dana@mailer.test")
        world.kill()
        shutil.rmtree(installed)
        for name in ("restore-keys", "restore-postgresql"):
            run(name, installed, backup, database)
        goes_on(world, *waiting)
