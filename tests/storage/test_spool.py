"""Files of the spool."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from stores import NOW

from storage.failures import Unavailable
from storage.spool import Spool


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """A spool in a folder of its own."""
    opened = Spool(tmp_path / "a" / "spool")
    opened.create()
    return opened


def test_what_was_written_is_read(spool: Spool) -> None:
    name = spool.write([b"head", b"body"])
    assert spool.read(name) == b"headbody"
    assert spool.head(name) == b"head"


def test_each_file_has_a_name_of_its_own(spool: Spool) -> None:
    assert spool.write([b"same"]) != spool.write([b"same"])


def test_a_removed_file_is_gone_and_a_missing_one_no_trouble(spool: Spool) -> None:
    name = spool.write([b"x"])
    spool.remove([name, name, "never"])
    assert spool.head(name) == b""
    with pytest.raises(Unavailable):
        spool.read(name)


def test_a_disk_that_does_not_obey_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable):
        Spool(tmp_path / "file").create()
    with pytest.raises(Unavailable):
        Spool(tmp_path / "missing").write([b"x"])
    with pytest.raises(Unavailable):
        Spool(tmp_path / "missing").older_than(0)


def test_only_older_files_are_listed(spool: Spool) -> None:
    name = spool.write([b"x"])
    written = (spool.folder / name).stat().st_mtime
    assert spool.older_than(written) == ()
    assert spool.older_than(written + 1) == (name,)
    assert spool.older_than((NOW - timedelta(days=9999)).timestamp()) == ()
