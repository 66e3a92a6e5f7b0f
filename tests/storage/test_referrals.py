"""The record of who was there first, kept as things happen."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy
from stores import MINT, NOW, a_candidate, a_thread, an_ambassador

from storage import referrals
from storage.changes import apply
from storage.database import Database
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.threads import Stage
from storage.referrals import Hires
from storage.schema import referrals as table

ALEX, SAM = an_ambassador("alex"), an_ambassador("sam")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def casey(database: Database):
    candidate = a_candidate("Casey@Mailer.test")
    thread = a_thread(ALEX, candidate)
    contacted = Event(MINT.id(NOW), NOW, EventKind.CONTACTED, thread.id, ALEX.id)
    with database.write() as c:
        changes = Changes(
            ambassadors=(ALEX, SAM),
            candidates=(candidate,),
            threads=(thread,),
            events=(contacted,),
        )
        apply(c, changes, NOW)
    return candidate, thread


def happen(database: Database, kind: EventKind, thread_id: str, hours: int, **detail: str) -> None:
    at = NOW + hours * HOUR
    event = Event(MINT.id(at), at, kind, thread_id, ALEX.id, detail)
    with database.write() as c:
        apply(c, Changes(events=(event,)), at)


def test_the_first_of_each_step_is_remembered(database: Database, casey):
    _, thread = casey
    happen(database, EventKind.AMBASSADOR_WROTE, thread.id, 3, by="sam")
    happen(database, EventKind.AMBASSADOR_WROTE, thread.id, 9, by="alex")
    happen(database, EventKind.STAGE_REACHED, thread.id, 20, stage=Stage.COFFEE)
    happen(database, EventKind.STAGE_REACHED, thread.id, 30, stage=Stage.RECOMMENDED)
    happen(database, EventKind.STAGE_REACHED, thread.id, 40, stage=Stage.RECOMMENDED)
    with database.read() as c:
        [kept] = referrals.of_address(c, "CASEY@mailer.TEST")
        assert referrals.listing(c) == (kept,)
        assert referrals.of_address(c, "nobody@mailer.test") == ()
    assert kept == referrals.Referral(
        thread.id,
        ALEX.id,
        NOW,
        answered_at=NOW + 3 * HOUR,
        answered_by="sam",
        recommended_at=NOW + 30 * HOUR,
        recommended_by=ALEX.id,
    )


def test_it_survives_the_candidate_as_a_digest_alone(database: Database, casey):
    candidate, _ = casey
    with database.write() as c:
        apply(c, Changes(forgotten=(candidate.id,)), NOW)
    with database.read() as c:
        assert len(referrals.of_address(c, candidate.address)) == 1
        [row] = c.sql.execute(sqlalchemy.select(table)).mappings()
        stored = repr(dict(row)).lower()
        assert "casey" not in stored
        assert "mailer" not in stored


def test_it_goes_with_the_candidate_where_that_is_wanted(database: Database, casey):
    candidate, _ = casey
    with database.write() as c:
        apply(c, Changes(forgotten=(candidate.id,), unreferred=(candidate.id,)), NOW)
    with database.read() as c:
        assert referrals.listing(c) == ()


def test_what_is_older_than_its_time_is_purged(database: Database, casey):
    with database.write() as c:
        assert referrals.purge(c, NOW) == 0
        assert referrals.purge(c, NOW + HOUR) == 1
        assert referrals.listing(c) == ()


def test_an_event_without_a_candidate_leaves_no_record(database: Database, casey):
    happen(database, EventKind.CONTACTED, "no such thread", 1)
    happen(database, EventKind.AMBASSADOR_WROTE, "no such thread", 1, by="alex")
    with database.read() as c:
        assert len(referrals.listing(c)) == 1


def test_a_list_of_hires_counts_for_all_its_days(database: Database):
    first = [Hires(NOW, 3, 1, 1), Hires(NOW + DAY, 2), Hires(NOW + 9 * DAY, 1, 1)]
    again = [Hires(NOW, 4, 2, 1), Hires(NOW + 2 * DAY, 1)]
    with database.write() as c:
        referrals.save_hires(c, first)
        assert referrals.hires_between(c, NOW, NOW + 30 * DAY) == Hires(NOW, 6, 2, 1)
        assert referrals.hires_between(c, NOW, NOW + DAY) == first[0]
        referrals.save_hires(c, again)
        assert referrals.hires_between(c, NOW, NOW + 30 * DAY) == Hires(NOW, 6, 3, 1)
        referrals.save_hires(c, again)
        referrals.save_hires(c, [])
        assert referrals.hires_between(c, NOW, NOW + 30 * DAY) == Hires(NOW, 6, 3, 1)
