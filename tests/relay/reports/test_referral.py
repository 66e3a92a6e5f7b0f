"""Who gets the credit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from stores import MINT, NOW, a_candidate, a_thread, an_ambassador

from relay.reports import make, referral
from relay.reports.applicants import Hire
from relay.reports.referral import check, earning, import_hires, listing, sharing
from relay.reports.values import By
from storage import threads
from storage.changes import apply
from storage.database import Connection, Database
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.threads import Stage
from storage.referrals import Referral

ALEX, SAM, KIM = (an_ambassador(name, id=name * 2) for name in ("alex", "sam", "kim"))
NAMES = {each.id: each.name for each in (ALEX, SAM, KIM)}
DAY = timedelta(days=1)
YEAR = 365 * DAY


def a_referral(who: str, contacted: int, answered: int | None, **more: object) -> Referral:
    """Written to on that day, and answered on the other."""
    answered_at = None if answered is None else NOW + answered * DAY
    values = {"answered_at": answered_at, "answered_by": who if answered_at else None, **more}
    return Referral(f"{who}{contacted}", who * 2, NOW + contacted * DAY, **values)


def test_the_first_answer_earns_the_credit_not_the_first_contact():
    slow, quick = a_referral("alex", 0, 9), a_referral("sam", 1, 2)
    silent = a_referral("kim", -5, None)
    assert earning([silent, slow, quick], YEAR, NOW + 30 * DAY) == quick


def test_who_was_not_answered_before_the_hire_earns_nothing():
    late = a_referral("alex", 0, 40)
    assert earning([late], YEAR, NOW + 30 * DAY) is None
    assert earning([late], YEAR, NOW + 50 * DAY) == late


def test_a_contact_earns_within_its_window_to_the_day():
    known = [a_referral("alex", 0, 1)]
    assert earning(known, YEAR, NOW + YEAR) == known[0]
    assert earning(known, YEAR, NOW + YEAR + timedelta(seconds=1)) is None


def test_a_later_contact_earns_once_the_first_has_lapsed():
    first, second = a_referral("alex", 0, 1), a_referral("sam", 300, 301)
    assert earning([first, second], YEAR, NOW + 360 * DAY) == first
    assert earning([first, second], YEAR, NOW + 370 * DAY) == second


def test_the_credit_is_shared_where_the_conversation_was_handed_over():
    assert sharing(a_referral("alex", 0, 1), NAMES) == ("alex",)
    backup = a_referral("alex", 0, 1, answered_by="sam")
    assert sharing(backup, NAMES) == ("alex", "sam")
    recommended = a_referral("alex", 0, 1, recommended_at=NOW, recommended_by=KIM.id)
    assert sharing(recommended, NAMES) == ("alex", "kim")


@pytest.fixture
def casey(database: Database):
    """Casey wrote to Alex, who was answered by, and to Sam later."""
    candidate = a_candidate("casey@mailer.test")
    to_alex, to_sam = (a_thread(each, candidate, opened_at=NOW) for each in (ALEX, SAM))
    events = []
    for days, kind, thread, detail in (
        (0, EventKind.CONTACTED, to_alex, {}),
        (1, EventKind.CONTACTED, to_sam, {}),
        (2, EventKind.AMBASSADOR_WROTE, to_sam, {"by": "sam"}),
        (3, EventKind.AMBASSADOR_WROTE, to_alex, {"by": "alex"}),
        (9, EventKind.STAGE_REACHED, to_sam, {"stage": "recommended"}),
    ):
        at = NOW + days * DAY
        events.append(Event(MINT.id(at), at, kind, thread.id, thread.ambassador_id, detail))
    with database.write() as c:
        people = Changes(ambassadors=(ALEX, SAM, KIM), candidates=(candidate,))
        apply(c, people + Changes(threads=(to_alex, to_sam), events=tuple(events)), NOW)
    return candidate, to_alex, to_sam


def test_check_shows_every_contact_and_whose_counts(database: Database, casey):
    with database.read() as c:
        alex, sam = check(c, "Casey@mailer.test", YEAR, NOW + 30 * DAY)
        assert check(c, "else@mailer.test", YEAR, NOW) == ()
    assert (alex.ambassador, alex.earned) == ("alex", False)
    assert (sam.ambassador, sam.earned, sam.shared_by) == ("sam", True, ("sam",))
    assert sam.until == NOW + DAY + YEAR
    assert sam.recommended_at == NOW + 9 * DAY


def test_check_still_knows_after_the_candidate_was_forgotten(database: Database, casey):
    candidate, *_ = casey
    with database.write() as c:
        apply(c, Changes(forgotten=(candidate.id,)), NOW)
    with database.read() as c:
        assert [each.earned for each in check(c, candidate.address, YEAR, NOW + 30 * DAY)] == [
            False,
            True,
        ]


def imported(c: Connection, *hires: Hire) -> referral.Imported:
    return import_hires(c, hires, YEAR, MINT, NOW + 40 * DAY)


HIRED_ON = datetime(2026, 12, 1, tzinfo=UTC)  # four weeks later
CASEY = Hire(HIRED_ON, ("other@work.test", "CASEY@mailer.test"))
STRANGER = Hire(HIRED_ON, ("stranger@mailer.test",), referred=True)


def test_importing_hires_finds_who_came_through_whom(database: Database, casey):
    _, to_alex, to_sam = casey
    with database.write() as c:
        told = imported(c, CASEY, STRANGER, Hire(HIRED_ON, ()))
        assert (told.hires, told.through, dict(told.by_ambassador)) == (3, 1, {"sam": 1})
        stage = {each.id: threads.thread(c, each.id).stage for each in (to_alex, to_sam)}
        assert stage == {to_alex.id: Stage.CONTACT, to_sam.id: Stage.HIRED}
        assert [each.earned for each in listing(c, YEAR)] == [False, True]
        assert [each.hired_at for each in listing(c, YEAR)] == [None, HIRED_ON]


def test_importing_the_same_list_again_changes_nothing(database: Database, casey):
    with database.write() as c:
        first = imported(c, CASEY, STRANGER)
        assert imported(c, CASEY, STRANGER) == first
    with database.read() as c:
        report = make.report(
            c,
            HIRED_ON,
            HIRED_ON + DAY,
            By.AMBASSADOR,
            NOW,
            lambda _: lambda start, end: end - start,
        )
    assert report.figure("hires").now.value == 2
    assert report.figure("stage:hired").now.value == 1
    assert report.figure("hired_through").now.withheld


def test_the_report_shows_the_share_of_referred_hires_before_and_after(database: Database, casey):
    strangers = [Hire(HIRED_ON - 9 * DAY, (f"s{number}@x.test",)) for number in range(8)]
    more = [Hire(HIRED_ON, (f"t{number}@x.test",), referred=True) for number in range(4)]
    with database.write() as c:
        imported(c, CASEY, *strangers, *more)
    with database.read() as c:
        report = make.report(
            c,
            HIRED_ON - 5 * DAY,
            HIRED_ON + 5 * DAY,
            By.AMBASSADOR,
            NOW,
            lambda _: lambda start, end: end - start,
        )
    through, referred = report.figure("hired_through"), report.figure("hired_referred")
    assert (through.now.value, through.now.n) == (1 / 5, 5)
    assert (referred.now.value, referred.now.n) == (1, 5)
    assert (referred.before.value, referred.before.n) == (0, 8)


def test_nothing_is_kept_of_a_hire_who_never_wrote(sqlite_database: Database, tmp_path):
    with sqlite_database.write() as c:
        imported(c, Hire(HIRED_ON, ("stranger@mailer.test",)))
    sqlite_database.close()
    stored = b"".join(each.read_bytes() for each in tmp_path.rglob("peerpost.db*"))
    assert b"stranger" not in stored
    assert b"mailer.test" not in stored
