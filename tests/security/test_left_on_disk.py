"""What a whole conversation leaves behind: on disk and in the log, nothing that names anybody."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from town import ALEX, PEER, a_town

from storage.database import Database
from storage.rekey import rekey

DANA = "dana.quillfeather@mailer.test"
KIM = "kim@other.test"
NAMED = f"Dana Quillfeather <{DANA}>"
TELLING = re.compile(
    rb"quillfeather|mailer\.test|kim@|other\.test|alex\.chen|alexchen|okafor|corp\.example|zanzibar"
    rb"|marmalade|laptop|192\.0\.2|harbour",
    re.IGNORECASE,
)


def files_of(database: Database, folder: Path) -> dict[str, bytes]:
    """The database with its log and its index, and the spool, as a thief would copy them."""
    found = [*folder.rglob("peerpost.db*"), *database.spool.folder.rglob("*")]
    return {path.name: path.read_bytes() for path in found if path.is_file()}


def test_no_name_no_address_and_no_word_is_found_in_what_is_stored_or_logged(
    sqlite_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    chosen = {
        "privacy__typed_addresses": "ask",
        "relay__hiring_team": ["people@corp.example.test"],
        "screening__policy": "balanced",
        "privacy__keep_bodies": "1d",
    }
    with a_town(sqlite_database, tmp_path, **chosen) as town:
        told = {"Subject": "Zanzibar"}
        town.send(NAMED, PEER, f"How do you test marmalade? {DANA}\n" + "marmalade " * 9000, **told)
        town.send(DANA, town.last(DANA, "Your own address").answers_to, "mask", **told)
        first = town.last(ALEX, "marmalade")
        town.send(f"Alex Chen <{ALEX}>", first.answers_to, "Like marmalade, in Zanzibar.", **told)
        town.send(ALEX, first.answers_to, "/recommend Knows all of marmalade")
        town.send(ALEX, first.answers_to, "/share")
        town.send(f"Kim <{KIM}>", PEER, "Buy marmalade, cheap leads, click here!", **told)
        town.send(NAMED, PEER, f"Another marmalade, from {DANA}", **told)
        town.pass_time(timedelta(days=1), timedelta(hours=6))
        waiting = files_of(sqlite_database, tmp_path)
        assert {"peerpost.db", "peerpost.db-wal"} <= set(waiting)
        assert sum(map(len, waiting.values())) > 50_000
        assert [name for name, content in waiting.items() if TELLING.search(content)] == []
        rekey(sqlite_database)
        town.send(NAMED, PEER, "And marmalade again", **told)
        assert town.last(ALEX, "marmalade again")
        after = files_of(sqlite_database, tmp_path)
        assert [name for name, content in after.items() if TELLING.search(content)] == []
    assert len(caplog.records) > 5
    logged = "\n".join(str(vars(one)) for one in caplog.records)
    assert TELLING.findall(logged.encode()) == []
