"""A mailbox that is no more: nothing is sent there until its owner writes again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from attacks import report
from town import ALEX, DANA, PEER, Post, Town, a_town
from world import DOMAIN

from storage import people
from storage.database import Database
from storage.records.people import Ambassador, Candidate

MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    with a_town(sqlite_database, tmp_path) as made:
        assert made.send(f"Dana Keller <{DANA}>", PEER, "How do you run migrations?").accepted
        made.post()
        made.now += MINUTE
        yield made


def returned(town: Town, mail: Post, status: str, action: str = "failed") -> None:
    """The host that was given this mail sends a report to its reverse path."""
    path = f"bounce+{mail.return_token}@{DOMAIN}"
    assert town.hand_in("MAILER-DAEMON@x.test", path, report(path, action, status), sender="")
    town.post()
    town.now += MINUTE


def alex(town: Town) -> Ambassador:
    with town.database.read() as connection:
        found = people.ambassador_by_name(connection, "alex")
    assert found is not None
    return found


def dana(town: Town) -> Candidate:
    with town.database.read() as connection:
        found = people.candidate_by_address(connection, DANA)
    assert found is not None
    return found


def test_an_ambassador_who_is_gone_is_written_to_no_more(town: Town) -> None:
    first = town.last(ALEX)
    peer = town.threads()[0].peer_token
    returned(town, first, "5.1.1")
    assert alex(town).suspended
    assert "Alex" in town.last(DANA, "not be delivered").text
    before = len(town.got(ALEX))
    for to in (PEER, f"peer-alex+t.{peer}@{DOMAIN}"):
        reply = town.send(DANA, to, "Hello?")
        assert str(reply).startswith("550 5.2.1")
        assert "peer-sam" in reply.text
    town.pass_time(timedelta(days=8))
    assert len(town.got(ALEX)) == before  # no reminders, and the backup is asked instead


def test_who_answers_after_all_is_written_to_again(town: Town) -> None:
    first = town.last(ALEX)
    returned(town, first, "5.1.1")
    assert town.send(ALEX, first.answers_to, "My mailbox is back.").accepted
    assert not alex(town).failures
    assert town.send(DANA, town.last(DANA, "is back").answers_to, "Good!").accepted
    assert town.got(ALEX, "Good!")


def test_a_candidate_who_is_gone_is_not_answered_until_they_write(town: Town) -> None:
    guest = town.last(ALEX).answers_to
    assert town.send(ALEX, guest, "It goes well.").accepted
    returned(town, town.last(DANA, "It goes well"), "5.1.1")
    assert dana(town).suspended
    refused = town.send(ALEX, guest, "Are you there?")
    assert str(refused).startswith("550 5.2.1")
    assert town.send(DANA, PEER, "I am.").accepted
    assert town.send(ALEX, guest, "Good.").accepted


def test_a_full_mailbox_only_counts_and_a_delay_not_even_that(town: Town) -> None:
    first = town.last(ALEX)
    returned(town, first, "4.4.1", action="delayed")
    assert alex(town).failures == 0
    returned(town, first, "5.2.2")
    assert alex(town).failures == 1
    returned(town, first, "5.2.2")  # of the same message, and so no other
    assert alex(town).failures == 1
    assert town.send(DANA, PEER, "Once more.").accepted


def test_a_report_to_a_path_that_is_not_ours_changes_nothing(town: Town) -> None:
    path = f"bounce+{'a' * 26}@{DOMAIN}"
    assert not town.hand_in("MAILER-DAEMON@x.test", path, report(path), sender="").accepted
    assert alex(town).failures == dana(town).failures == 0
