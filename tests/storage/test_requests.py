"""Questions that can be answered once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from stores import MINT, NOW, a_candidate, a_thread, an_ambassador

from storage import purge, requests
from storage.changes import apply
from storage.database import Database
from storage.failures import Conflict
from storage.records.changes import Changes
from storage.records.once import Request, RequestKind

ALEX, CASEY = an_ambassador(), a_candidate()
THREAD = a_thread(ALEX, CASEY)
DAY = timedelta(days=1)


@pytest.fixture
def asked(database: Database) -> Request:
    made = Request(MINT.token(), RequestKind.RECOMMEND, THREAD.id, NOW + DAY, "Asks well.")
    people = Changes(ambassadors=(ALEX,), candidates=(CASEY,), threads=(THREAD,), requests=(made,))
    with database.write() as c:
        apply(c, people, NOW)
    return made


def test_a_question_is_found_by_its_token_until_it_expires(
    database: Database, asked: Request
) -> None:
    with database.read() as c:
        assert requests.request(c, asked.token.upper(), NOW) == asked
        assert requests.request(c, "unknown", NOW) is None
        assert requests.request(c, asked.token, NOW + DAY) is None


def test_a_question_is_answered_once(database: Database, asked: Request) -> None:
    answer = Changes(answered=(asked.token,))
    with database.write() as c:
        apply(c, answer, NOW)
        assert requests.request(c, asked.token, NOW) is None
    with pytest.raises(Conflict), database.write() as c:
        apply(c, answer, NOW)


def test_a_question_goes_with_its_candidate_and_with_its_time(
    database: Database, asked: Request
) -> None:
    with database.write() as c:
        apply(c, Changes(forgotten=(CASEY.id,)), NOW)
        assert requests.request(c, asked.token, NOW) is None
        apply(c, Changes(requests=(asked,)), NOW)
        assert purge.purge(c, NOW + DAY, 700 * DAY) == 1


def test_a_note_is_not_stored_as_it_was_written(database: Database, asked: Request) -> None:
    with database.read() as c:
        stored = c.sql.exec_driver_sql("SELECT note FROM requests").scalar_one()
    assert b"Asks" not in bytes(stored)
