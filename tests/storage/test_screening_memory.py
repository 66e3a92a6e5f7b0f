"""What screening remembers: fingerprints, lessons, and when a digest is due."""

from __future__ import annotations

from datetime import timedelta

import pytest
from stores import NOW, a_candidate, a_thread, an_ambassador

from storage import digests, lessons, likenesses, purge
from storage.changes import apply
from storage.database import Database
from storage.failures import Conflict
from storage.records.changes import Changes
from storage.records.screening import Due, Lesson, Likeness, Taught

ALEX = an_ambassador()
CASEY, KIM = a_candidate(), a_candidate()
OF_CASEY, OF_KIM = a_thread(ALEX, CASEY), a_thread(ALEX, KIM)
DAY = timedelta(days=1)
MARKS = tuple(range(2**32 - 32, 2**32))
BANDS = (1, 2**63 - 1)
OFFER = Lesson(OF_CASEY.id, {"offer": 0.05, "own": 0.01}, {"offer": -0.04})


def write(database: Database, **changes: tuple[object, ...]) -> None:
    with database.write() as c:
        apply(c, Changes(**changes), NOW)


def learned(database: Database) -> dict[str, float]:
    with database.read() as c:
        return {name: round(value, 9) for name, value in lessons.learned(c).items()}


@pytest.fixture
def stored(database: Database) -> Database:
    """A database in which both have written to Alex."""
    write(database, ambassadors=(ALEX,), candidates=(CASEY, KIM), threads=(OF_CASEY, OF_KIM))
    return database


# --- fingerprints --------------------------------------------------------------------------


def test_a_fingerprint_is_found_by_any_of_its_bands_but_not_by_its_own_thread(
    stored: Database,
) -> None:
    write(stored, likenesses=(Likeness(OF_CASEY.id, NOW, MARKS, BANDS),))
    with stored.read() as c:
        assert likenesses.near(c, (5, 2**63 - 1), NOW) == (MARKS,)
        assert likenesses.near(c, (5, 6), NOW) == ()
        assert likenesses.near(c, (), NOW) == ()
        assert likenesses.near(c, BANDS, NOW, but=(OF_CASEY.id,)) == ()


def test_a_person_can_be_told_what_is_kept_of_their_mail(stored: Database) -> None:
    write(stored, likenesses=(Likeness(OF_CASEY.id, NOW, MARKS, BANDS),), lessons=(OFFER,))
    with stored.read() as c:
        assert likenesses.kept_since(c, OF_CASEY.id) == NOW
        assert lessons.kept(c, OF_CASEY.id)
        assert likenesses.kept_since(c, OF_KIM.id) is None
        assert not lessons.kept(c, OF_KIM.id)


def test_a_fingerprint_is_kept_for_thirty_days(stored: Database) -> None:
    write(stored, likenesses=(Likeness(OF_CASEY.id, NOW, MARKS, BANDS),))
    with stored.write() as c:
        purge.purge(c, NOW + 29 * DAY, 730 * DAY)
        assert likenesses.near(c, BANDS, NOW + 29 * DAY)
        assert likenesses.near(c, BANDS, NOW + 31 * DAY) == ()
        purge.purge(c, NOW + 31 * DAY, 730 * DAY)
        assert likenesses.near(c, BANDS, NOW) == ()


def both_are_kept(stored: Database) -> bool:
    with stored.read() as c:
        return likenesses.near(c, BANDS, NOW) == (MARKS, MARKS)


def test_of_two_copies_at_the_same_time_one_is_decided_on_again(stored: Database) -> None:
    write(stored, likenesses=(Likeness(OF_CASEY.id, NOW, MARKS, BANDS),))
    with pytest.raises(Conflict):
        write(stored, likenesses=(Likeness(OF_KIM.id, NOW, MARKS, BANDS),))
    write(stored, likenesses=(Likeness(OF_KIM.id, NOW, MARKS, BANDS, known=1),))
    assert both_are_kept(stored)


def test_what_counts_apart_is_no_copy_that_came_meanwhile(stored: Database) -> None:
    write(stored, likenesses=(Likeness(OF_CASEY.id, NOW, MARKS, BANDS),))
    write(stored, likenesses=(Likeness(OF_KIM.id, NOW, MARKS, BANDS, apart=(OF_CASEY.id,)),))
    assert both_are_kept(stored)


def test_each_database_makes_its_fingerprints_with_a_key_of_its_own(
    sqlite_database: Database, postgresql_database: Database
) -> None:
    keys = []
    for one in (sqlite_database, postgresql_database):
        with one.read() as c:
            keys.append(likenesses.key(c))
            assert likenesses.key(c) == keys[-1]
    assert keys[0] != keys[1]


# --- lessons -------------------------------------------------------------------------------


def test_a_decision_adds_its_side_of_the_lesson(stored: Database) -> None:
    write(stored, lessons=(OFFER,))
    assert learned(stored) == {}
    write(stored, taught=(Taught(OF_CASEY.id, welcome=True),))
    assert learned(stored) == {"offer": 0.05, "own": 0.01}


def test_the_last_decision_in_a_thread_is_the_one_that_counts(stored: Database) -> None:
    write(stored, lessons=(OFFER,), taught=(Taught(OF_CASEY.id, welcome=True),))
    write(stored, taught=(Taught(OF_CASEY.id, welcome=False),))
    assert learned(stored) == {"offer": -0.04, "own": 0}
    write(stored, taught=(Taught(OF_CASEY.id, welcome=False),))
    assert learned(stored) == {"offer": -0.04, "own": 0}


def test_what_was_never_weighed_teaches_nothing(stored: Database) -> None:
    write(stored, taught=(Taught(OF_KIM.id, welcome=False),))
    assert learned(stored) == {}


def test_forgetting_somebody_takes_back_what_their_mail_taught_and_nothing_else(
    stored: Database,
) -> None:
    other = Lesson(OF_KIM.id, {"offer": 0.02}, {"offer": -0.03})
    taught = (Taught(OF_CASEY.id, welcome=True), Taught(OF_KIM.id, welcome=True))
    kept = Likeness(OF_CASEY.id, NOW, MARKS, BANDS)
    write(stored, lessons=(OFFER, other), taught=taught, likenesses=(kept,))
    assert learned(stored) == {"offer": 0.07, "own": 0.01}
    write(stored, forgotten=(CASEY.id,))
    assert learned(stored) == {"offer": 0.02, "own": 0}
    write(stored, taught=(Taught(OF_CASEY.id, welcome=True),))
    assert learned(stored) == {"offer": 0.02, "own": 0}
    with stored.read() as c:
        assert likenesses.near(c, BANDS, NOW) == ()


# --- digests -------------------------------------------------------------------------------


def test_a_digest_that_is_due_already_stays_as_it_is(stored: Database) -> None:
    write(stored, digests=(Due("", NOW), Due(ALEX.id, NOW + DAY)))
    write(stored, digests=(Due("", NOW + DAY),))
    with stored.read() as c:
        assert digests.due(c, NOW - timedelta(seconds=1), 10) == ()
        assert digests.due(c, NOW, 10) == (Due("", None, NOW),)


def test_of_two_who_send_a_digest_one_is_told_that_it_is_done(stored: Database) -> None:
    write(stored, digests=(Due("", NOW),))
    write(stored, digests=(Due("", NOW + DAY, was=NOW),))
    for late in (Due("", NOW + 2 * DAY, was=NOW), Due("", None, was=NOW)):
        with pytest.raises(Conflict):
            write(stored, digests=(late,))
    write(stored, digests=(Due("", None, was=NOW + DAY),))
    with stored.read() as c:
        assert digests.due(c, NOW + 9 * DAY, 10) == ()
