"""What keeps the mail breaks while it comes in: a clear 4xx meanwhile, and nothing is lost."""

from __future__ import annotations

import os
import resource
import tempfile
from pathlib import Path

import pytest
from load import Load
from servers import own_postgresql
from town import DANA, Town, a_town
from town import PEER as PEER_IN_TOWN
from world import World, a_world, eventually

from storage.database import Database
from storage.failures import Unavailable


def files_up_to(world: World, size: int) -> None:
    """The service may write files of this size and no larger ones: a disk that is full."""
    assert world.process is not None
    most = resource.prlimit(world.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(world.process.pid, resource.RLIMIT_FSIZE, (size, most))


def refused_for_now(load: Load) -> None:
    """Until some are answered with a 4xx; none ever gets a 5xx for it."""
    eventually(lambda: sum(load.answers[code] for code in (421, 451, 452)) >= 3, "some 4xx")
    assert not [code for code in load.answers if code >= 500]


def test_a_full_disk_refuses_for_now_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        world.start()
        load = Load(world)
        with load.running():
            load.taking(5)
            files_up_to(world, 4096)
            refused_for_now(load)
            files_up_to(world, resource.RLIM_INFINITY)
            load.taking(5)
        eventually(lambda: not load.missing(), "all that was taken arrives")
        world.settled()
        assert world.stop() == 0


def test_a_database_that_may_only_be_read_refuses_for_now(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with a_town(sqlite_database, tmp_path) as town:
        _read_only(town, True)
        with pytest.raises(Unavailable):  # which the server answers with 451
            town.send(DANA, PEER_IN_TOWN)
        _read_only(town, False)
        assert town.send(DANA, PEER_IN_TOWN).accepted


def _read_only(town: Town, only: bool) -> None:
    """As if the file system had been mounted so, to whoever asks SQLite."""
    with town.database.engine.connect() as sql:
        sql.exec_driver_sql(f"PRAGMA query_only = {int(only)}")
        if only:
            with pytest.raises(Exception, match="readonly database"):
                sql.exec_driver_sql("DELETE FROM claims")


def test_a_restarted_postgresql_costs_a_4xx_and_no_mail(tmp_path: Path) -> None:
    folder = Path(tempfile.gettempdir()) / f"peerpost-restarted-{os.getpid()}"
    with own_postgresql(folder) as server, a_world(tmp_path, storage__url=server.url) as world:
        world.start()
        load = Load(world)
        with load.running():
            load.taking(5)
            server.stop()
            refused_for_now(load)
            server.start()
            load.taking(5)
        eventually(lambda: not load.missing(), "all that was taken arrives")
        world.settled()
        assert world.stop() == 0
