"""One statement finds everybody whom a message concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from stores import NOW, a_candidate, a_thread, an_ambassador

from storage import concerned
from storage.changes import apply
from storage.concerned import Concerned
from storage.database import Database
from storage.records.changes import Changes

ALEX, SAM = an_ambassador("alex"), an_ambassador("sam")
CASEY, ROBIN = a_candidate("casey@mailer.test"), a_candidate("robin@mailer.test")
OLDER = a_thread(ALEX, CASEY, opened_at=NOW - timedelta(days=1))
NEWER = a_thread(ALEX, CASEY)
OTHERS = a_thread(SAM, CASEY, opened_at=NOW + timedelta(days=1))
FOUND = replace(NEWER, version=1)


@pytest.fixture(autouse=True)
def _stored(database: Database) -> None:
    people = Changes(ambassadors=(ALEX, SAM), candidates=(CASEY, ROBIN))
    with database.write() as c:
        apply(c, people + Changes(threads=(NEWER, OLDER, OTHERS)), NOW)


def test_a_name_and_an_author_find_the_newest_thread_of_the_two(database: Database) -> None:
    with database.read() as c:
        assert concerned.by_name(c, "Alex", "Casey@mailer.test") == Concerned(ALEX, CASEY, FOUND)
        assert concerned.by_name(c, "alex", ROBIN.address) == Concerned(ALEX, ROBIN)
        assert concerned.by_name(c, "nobody", CASEY.address) == Concerned(None, CASEY)


def test_a_token_finds_its_thread_whoever_writes(database: Database) -> None:
    everybody = Concerned(ALEX, CASEY, FOUND)
    with database.read() as c:
        assert concerned.by_peer_token(c, NEWER.peer_token.upper(), CASEY.address) == everybody
        assert concerned.by_peer_token(c, NEWER.peer_token, ROBIN.address) == everybody
        assert concerned.by_thread(c, NEWER.id, CASEY.address) == everybody
        answered = concerned.by_guest_token(c, NEWER.guest_token.upper(), ALEX.mailbox)
        assert answered == replace(everybody, author=ALEX)


def test_a_token_of_the_other_side_finds_nothing(database: Database) -> None:
    with database.read() as c:
        assert concerned.by_guest_token(c, NEWER.peer_token, CASEY.address) == Concerned()
        assert concerned.by_peer_token(c, NEWER.guest_token, SAM.mailbox) == Concerned(author=SAM)
