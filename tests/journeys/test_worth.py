"""Both sides are asked once whether a conversation was worth their time, and never nagged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from mails import raw_mail
from town import ALEX, DANA, PEER, Town, a_town

from storage import events
from storage.database import Database
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.people import Block
from storage.records.threads import ThreadState

DAY = timedelta(days=1)
ASKED = "worth your time"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    with a_town(sqlite_database, tmp_path) as made:
        assert made.send(f"Dana Keller <{DANA}>", PEER, "How do you run migrations?").accepted
        assert made.send(ALEX, made.last(ALEX).answers_to, "Hi Dana, in two steps.").accepted
        yield made


def said(town: Town) -> list[dict[str, str]]:
    with town.database.read() as connection:
        seen = events.between(connection, town.now - 100 * DAY, town.now + DAY)
        told = [one.detail for one in seen if one.kind is EventKind.OPINION]
        return sorted(told, key=lambda one: one["side"])


def test_both_are_asked_once_after_ten_quiet_days_and_answer_with_one_word(town: Town) -> None:
    town.pass_time(9 * DAY)
    assert town.got(ALEX, ASKED) == town.got(DANA, ASKED) == []
    town.pass_time(2 * DAY)
    (alex,), (dana,) = town.got(ALEX, ASKED), town.got(DANA, ASKED)
    page = alex.message.get_body(("html",)).get_content()
    assert f"mailto:{alex.answers_to}?subject=Re&amp;body=yes" in page
    assert "Dana" in alex.subject
    assert b"mailer.test" not in alex.content
    assert b"corp.example.test" not in dana.content
    assert town.send(ALEX, alex.answers_to, "Yes!\n\nAlex").accepted
    assert town.send(DANA, dana.answers_to, "/worth no").accepted
    assert said(town) == [
        {"side": "ambassador", "worth": "yes"},
        {"side": "candidate", "worth": "no"},
    ]
    assert town.send(DANA, dana.answers_to, "yes").code == 550
    assert len(said(town)) == 2
    assert len(town.got(ALEX)) == len(town.got(DANA)) == 2  # and nobody heard of it


def test_a_conversation_that_goes_on_is_not_asked_about_again(town: Town) -> None:
    town.pass_time(11 * DAY)
    assert town.send(DANA, town.got(DANA)[0].answers_to, "And how do you undo one?").accepted
    assert town.send(ALEX, town.got(ALEX)[0].answers_to, "With a third step.").accepted
    town.pass_time(20 * DAY)
    assert len(town.got(DANA, ASKED)) == len(town.got(ALEX, ASKED)) == 1


def test_thanks_put_the_question_off(town: Town) -> None:
    town.pass_time(9 * DAY)
    assert town.send(DANA, town.last(DANA).answers_to, "Thanks a lot!").accepted
    town.pass_time(9 * DAY)
    assert town.got(DANA, ASKED) == []
    town.pass_time(2 * DAY)
    assert len(town.got(DANA, ASKED)) == 1


def test_an_unclear_answer_is_asked_back_and_reaches_nobody(town: Town) -> None:
    town.pass_time(11 * DAY)
    dana = town.last(DANA, ASKED)
    assert town.send(DANA, dana.answers_to, "It was lovely.").accepted
    again = town.last(DANA, "could not read")
    assert town.send(DANA, dana.answers_to, "Lovely!").code == 550
    assert town.send(DANA, again.answers_to, "Yes, it was lovely.").accepted
    assert said(town) == [{"side": "candidate", "worth": "yes"}]
    assert town.got(ALEX, "lovely") == []


def test_who_answers_unclearly_twice_is_not_asked_a_third_time(town: Town) -> None:
    town.pass_time(11 * DAY)
    assert town.send(ALEX, town.last(ALEX, ASKED).answers_to, "/later 3d").accepted
    assert town.send(ALEX, town.last(ALEX, ASKED).answers_to, "Well.").accepted
    assert len(town.got(ALEX, ASKED)) == 2


def test_nobody_can_answer_for_the_other_side(town: Town) -> None:
    town.pass_time(11 * DAY)
    assert town.send(DANA, town.last(ALEX, ASKED).answers_to, "no").code == 550
    assert town.send(ALEX, town.last(DANA, ASKED).answers_to, "yes").code == 550
    assert said(town) == []


def test_whoever_has_said_it_already_is_not_asked(town: Town) -> None:
    assert town.send(ALEX, town.got(ALEX)[0].answers_to, "/worth yes").accepted
    town.pass_time(11 * DAY)
    assert town.got(ALEX, ASKED) == []
    assert len(town.got(DANA, ASKED)) == 1


def test_a_conversation_that_was_closed_is_asked_about_as_well(town: Town) -> None:
    guest = town.got(ALEX)[0].answers_to
    assert town.send(ALEX, guest, "/close").accepted
    assert town.threads()[0].state is ThreadState.CLOSED
    town.pass_time(11 * DAY)
    assert len(town.got(DANA, ASKED)) == 1


@pytest.mark.parametrize("order", ["/block", "/close\n/block"])
def test_nobody_is_asked_about_whom_they_blocked(town: Town, order: str) -> None:
    assert town.send(ALEX, town.got(ALEX)[0].answers_to, order).accepted
    town.pass_time(11 * DAY)
    assert town.got(DANA, ASKED) == town.got(ALEX, ASKED) == []


@pytest.mark.parametrize("wish", ["stop", "forget me"])
def test_who_wants_no_more_mail_is_not_asked(town: Town, wish: str) -> None:
    assert town.send(DANA, f"desk@{PEER.partition('@')[2]}", wish).accepted
    town.pass_time(11 * DAY)
    assert town.got(DANA, ASKED) == town.got(ALEX, ASKED) == []


def test_a_block_by_the_program_counts_as_well(town: Town) -> None:
    town.apply(Changes(blocks=(Block("mailer.test", town.now),)))
    town.pass_time(11 * DAY)
    assert town.got(DANA, ASKED) == []


def test_a_conversation_that_nobody_answered_is_not_asked_about(town: Town) -> None:
    town.send("kim@mailer.test", PEER, "Hello?")
    town.pass_time(30 * DAY)
    assert town.got("kim@mailer.test", ASKED) == []


def test_a_candidate_who_is_not_proven_is_not_written_to(town: Town) -> None:
    raw = raw_mail(From="lee@nowhere.test", To=PEER)
    town.hand_in("lee@nowhere.test", PEER, raw, client="192.0.2.1")
    town.send(ALEX, town.last(ALEX).answers_to, "Hi Lee.")
    town.pass_time(11 * DAY)
    assert town.got("lee@nowhere.test", ASKED) == []


def test_in_working_hours_and_not_while_somebody_is_away(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with a_town(sqlite_database, tmp_path, followup__business_hours=True) as town:
        town.send(DANA, PEER, "Hello.")
        town.now += timedelta(hours=12)  # at night
        town.send(ALEX, town.last(ALEX).answers_to, "Hi Dana.")
        town.pass_time(11 * DAY)
        (asked,) = town.got(ALEX, ASKED)
        assert asked.at.weekday() < 5
        assert 9 <= asked.at.hour < 17


def test_the_question_can_be_switched_off(sqlite_database: Database, tmp_path: Path) -> None:
    with a_town(sqlite_database, tmp_path, followup__worth_after="0s") as town:
        town.send(DANA, PEER, "Hello.")
        town.send(ALEX, town.last(ALEX).answers_to, "Hi Dana.")
        assert town.threads()[0].due_at is None
