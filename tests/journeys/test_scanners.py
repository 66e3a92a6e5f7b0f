"""What outside scanners say decides on mail of both sides, before anything is stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from clamd import EICAR, clamd, is_installed
from town import ALEX, DANA, PEER, a_town

from storage.database import Database

pytestmark = pytest.mark.skipif(not is_installed(), reason="clamd is not installed")

ASKS = (
    "Hi Alex, I maintain the order service of a grocery chain. Autovacuum cannot keep up with our "
    "queue table since we moved to Postgres 16. Do you partition by hour? "
)


def test_a_virus_is_refused_from_either_side_and_all_else_goes_on(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with (
        clamd(tmp_path) as server,
        a_town(sqlite_database, tmp_path, screening__clamd=str(server)) as town,
    ):
        refused = town.send(DANA, PEER, ASKS + EICAR.decode())
        assert (refused.code, "virus scanner" in refused.text) == (550, True)
        assert town.threads() == ()

        assert town.send(DANA, PEER, ASKS).code == 250
        guest = town.last(ALEX).answers_to
        assert town.send(ALEX, guest, EICAR.decode()).code == 550
        assert town.send(ALEX, guest, "By day. It was enough.").code == 250


def test_while_the_scanner_is_down_mail_waits_with_its_sender(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with clamd(tmp_path) as gone:
        server = str(gone)
    with a_town(sqlite_database, tmp_path, screening__clamd=server) as town:
        assert town.send(DANA, PEER, ASKS).code == 451
        assert town.threads() == ()
