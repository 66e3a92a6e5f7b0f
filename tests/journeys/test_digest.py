"""Whoever decides on held mail is told once a day, and decides by an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from town import ALEX, DANA, PEER, SAM, Post, Town, a_town

from storage import outbox
from storage.database import Database
from storage.records.mail import OutboxItem

MIA, NOA = "mia@corp.example.test", "noa@corp.example.test"
KIM = "kim@studio.test"
SAM_PEER = "peer-sam@peers.example.test"
SECRET = "a word that nobody but Alex may read"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    with a_town(sqlite_database, tmp_path, **STRICT) as made:
        yield made


STRICT = {"screening__policy": "strict", "relay__moderators": [MIA, NOA]}


def held(town: Town) -> tuple[OutboxItem, ...]:
    with town.database.read() as connection:
        return outbox.held(connection)


def taps(post: Post) -> list[tuple[str, str]]:
    """Address and text of each link, in order."""
    found = re.findall(
        r"mailto:(\S+?)\?subject=Re&body=(\w+)", post.message.get_body(("plain",)).get_content()
    )
    return [(unquote(address), text) for address, text in found]


def a_digest(town: Town, reader: str = MIA) -> Post:
    town.send(DANA, PEER, SECRET)
    town.pass_time(2 * HOUR)
    return town.last(reader, "waiting for your decision")


def test_the_digest_says_why_and_nothing_of_what_is_said(town: Town) -> None:
    told = a_digest(town)
    assert "every first contact is looked at" in told.text
    assert "To Alex" in told.text
    assert SECRET not in told.text
    for word in (DANA, "dana", "mailer.test", ALEX):
        assert word.encode() not in told.content


def test_the_text_is_shown_if_that_is_wished(sqlite_database: Database, tmp_path: Path) -> None:
    with a_town(sqlite_database, tmp_path, screening__show_text=True, **STRICT) as town:
        assert SECRET in a_digest(town).text


def test_each_moderator_gets_one_a_day_however_much_is_held_and_whoever_looks(town: Town) -> None:
    for number in range(3):
        town.send(f"c{number}@mailer.test", PEER, f"Hello {number}.")
        town.pass_time(HOUR / 4)
    town.pass_time(2 * HOUR)
    town.send(KIM, SAM_PEER, "Hello Sam.")
    town.pass_time(20 * HOUR)
    assert (len(town.got(MIA)), len(town.got(NOA))) == (1, 1)
    assert "3 messages" in town.last(MIA).subject
    town.pass_time(4 * HOUR)
    assert len(town.got(MIA)) == 2
    assert "4 messages" in town.last(MIA).subject


def test_without_moderators_each_ambassador_is_told_of_their_own(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with a_town(sqlite_database, tmp_path, screening__policy="strict") as town:
        town.send(DANA, PEER)
        town.pass_time(2 * HOUR)
        assert len(town.got(ALEX, "waiting for your decision")) == 1
        assert town.got(SAM) == []


def test_nobody_is_told_at_night(sqlite_database: Database, tmp_path: Path) -> None:
    with a_town(sqlite_database, tmp_path, followup__business_hours=True, **STRICT) as town:
        town.now = town.now.replace(hour=22)
        town.send(DANA, PEER)
        town.pass_time(10 * HOUR)
        assert town.got(MIA) == []
        town.pass_time(4 * HOUR)
        assert [one.at.hour for one in town.got(MIA)] == [10]


def test_one_tap_lets_it_through_and_only_once(town: Town) -> None:
    (approve, word), (decline, other) = taps(a_digest(town))
    assert (word, other) == ("approve", "decline")
    assert approve == decline
    assert town.send(MIA, approve, "approve").accepted
    assert SECRET in town.last(ALEX).text
    before = len(town.posted)
    assert town.send(MIA, approve, "approve").code == 550
    assert town.send(MIA, decline, "decline, really").code == 550
    town.post()
    assert len(town.posted) == before
    assert held(town) == ()


def test_a_decline_is_kind_and_says_not_who_decided(town: Town) -> None:
    (_, (decline, _)) = taps(a_digest(town))
    assert town.send(MIA, decline, "decline\n\n-- \nMia Berg, HR").accepted
    told = town.last(DANA)
    assert "has been deleted" in told.text
    for word in (b"mia", b"berg", b"corp.example.test"):
        assert word not in told.content.lower()
    assert town.got(ALEX) == []


def test_a_link_works_for_nobody_else(town: Town) -> None:
    ((approve, _), _) = taps(a_digest(town))
    too_late = town.send(NOA, f"desk+t.{'a' * 20}@peers.example.test", "approve")
    for other in (NOA, ALEX, DANA, KIM):
        assert town.send(other, approve, "approve").code == 550
    raw = f"From: {MIA}\r\nTo: {approve}\r\nSubject: Re\r\nMessage-ID: <f@x>\r\n\r\napprove\r\n"
    assert town.hand_in(MIA, approve, raw.encode(), client="192.0.2.9").code == 550
    assert too_late.code == 550
    assert len(held(town)) == 1


def test_whoever_was_not_asked_learns_as_little_as_who_comes_too_late(town: Town) -> None:
    ((to_mia, _), _) = taps(a_digest(town))
    ((to_noa, _), _) = taps(town.last(NOA))
    stranger = town.send(KIM, to_mia, "approve")
    town.send(MIA, to_mia, "approve")
    assert str(stranger) == str(town.send(NOA, to_noa, "approve"))
    used, unknown = town.send(MIA, to_mia, "approve"), town.send(MIA, to_mia.replace("+t.", "+t.a"))
    assert str(used) == str(unknown)


def test_of_two_moderators_the_first_decides(town: Town) -> None:
    ((to_mia, _), _) = taps(a_digest(town))
    ((to_noa, _), _) = taps(town.last(NOA))
    assert town.send(NOA, to_noa, "decline").accepted
    assert town.send(MIA, to_mia, "approve").code == 550
    assert town.got(ALEX) == []


def test_what_is_neither_yes_nor_no_does_nothing_and_says_what_to_write(town: Town) -> None:
    ((approve, _), _) = taps(a_digest(town))
    reply = town.send(MIA, approve, "Hm, who is that?")
    assert (reply.code, "approve or decline" in reply.text) == (550, True)
    assert town.send(MIA, approve, "approve").accepted


def test_who_is_no_moderator_any_more_decides_nothing(town: Town) -> None:
    ((approve, _), _) = taps(a_digest(town))
    relay = town.settings.relay.model_copy(update={"moderators": (NOA,)})
    town.settings = town.settings.model_copy(update={"relay": relay})
    town.restart()
    assert town.send(MIA, approve, "approve").code == 550
    assert len(held(town)) == 1


def test_an_expired_message_can_no_longer_be_approved(town: Town) -> None:
    ((approve, _), _) = taps(a_digest(town))
    town.pass_time(6 * DAY, DAY)
    assert "nobody got round to it" in town.last(DANA).text
    assert town.send(MIA, approve, "approve").code == 550
    assert town.got(ALEX) == []
    assert held(town) == ()


def test_an_absence_note_decides_nothing(town: Town) -> None:
    ((approve, _), _) = taps(a_digest(town))
    town.send(MIA, approve, "approve", Auto_Submitted="auto-replied")
    assert len(held(town)) == 1
