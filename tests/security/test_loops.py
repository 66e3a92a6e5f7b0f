"""Machines, rings and replays against our own questions, with days that pass in no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from mails import raw_mail
from town import ALEX, DANA, HOME, PEER, SAM, Post, Town, a_town
from world import DOMAIN

from storage import outbox, people
from storage.database import Database
from storage.records.changes import Changes
from storage.records.mail import OutgoingState

MIA, TEAM = "mia@corp.example.test", "people@corp.example.test"
DESK = f"desk@{DOMAIN}"
DAY = timedelta(days=1)
SETTINGS: dict[str, object] = {
    "relay__hiring_team": [TEAM],
    "relay__moderators": [MIA],
    "privacy__typed_addresses": "ask",
}


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    with a_town(sqlite_database, tmp_path, **SETTINGS) as made:
        yield made


@pytest.fixture
def strict(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    with a_town(sqlite_database, tmp_path, screening__policy="strict", **SETTINGS) as made:
        yield made


def each_others_backup(town: Town) -> None:
    """Alex has Sam as backup already; now Sam has Alex."""
    with town.database.read() as connection:
        alex, sam = (people.ambassador_by_name(connection, name) for name in ("alex", "sam"))
    assert alex
    assert sam
    assert alex.backup == "sam"
    town.apply(Changes(ambassadors=(replace(sam, backup="alex"),)))


def responders(town: Town, mailboxes: set[str], marks: dict[str, str | None], seen: int) -> int:
    """Whoever of these got mail after the first `seen` is away, and says so to wherever answers go.

    How many mails there are in the end.
    """
    for _ in range(30):
        town.post()
        if seen == len(town.posted):
            return seen
        new, seen = town.posted[seen:], len(town.posted)
        for one in new:
            if one.recipient in mailboxes:
                note = f"I am away. Note {town.now:%d %H} {seen}."
                town.send(one.recipient, one.answers_to, note, Subject="Away", **marks)
    raise AssertionError("it does not end")


@pytest.mark.parametrize(
    "marks", [{"Auto_Submitted": "auto-replied"}, {}], ids=["marked", "unmarked"]
)
def test_a_ring_of_backups_who_are_all_away_ends(town: Town, marks: dict[str, str | None]) -> None:
    each_others_backup(town)
    assert town.send(f"Dana Keller <{DANA}>", PEER, "How do you run migrations?").accepted
    seen = 0
    for _ in range(40):
        seen = responders(town, {ALEX, SAM}, marks, seen)
        town.pass_time(DAY, timedelta(hours=6))
    for mailbox in (ALEX, SAM, DANA):
        assert len(town.got(mailbox)) <= 8, [one.subject for one in town.got(mailbox)]


def test_what_nobody_understands_is_answered_once_a_day(town: Town) -> None:
    for number in range(5):
        reply = town.send(DANA, DESK, f"I am away, ticket {number}.")
        assert reply.code == (550 if number else 250)
    assert len(town.got(DANA)) == 1
    town.now += DAY
    assert town.send(DANA, DESK, "nonsense").accepted
    assert len(town.got(DANA)) == 2
    assert town.send(DANA, DESK, "status").accepted  # and what is understood is done


def test_an_ambassadors_second_unknown_command_comes_back_in_the_session(town: Town) -> None:
    town.send(f"Dana Keller <{DANA}>", PEER, "How do you run migrations?")
    guest = town.last(ALEX).answers_to
    assert town.send(ALEX, guest, "/psas\n\nSome words.").accepted
    for text in ("/clsoe", "/ltaer 3d\n\nHi Dana, in two steps."):
        reply = town.send(ALEX, guest, text)
        assert (reply.code, "we do not know this command" in reply.text) == (550, True)
    assert len(town.got(ALEX, "We do not know")) == 1
    assert town.got(DANA) == []


# --- our questions -------------------------------------------------------------------------------


def recommendation(town: Town) -> tuple[str, Post, str]:
    town.send(f"Dana Keller <{DANA}>", PEER, "How do you run migrations?")
    town.send(ALEX, town.last(ALEX).answers_to, "/recommend Knows them.")
    return DANA, town.last(DANA, "May Alex recommend you"), "yes"


def own_address(town: Town) -> tuple[str, Post, str]:
    town.send(f"Dana Keller <{DANA}>", PEER, f"Hello Alex. Write to {DANA} if you like.")
    return DANA, town.last(DANA, "Your own address is in"), "send"


def opinion(town: Town) -> tuple[str, Post, str]:
    town.send(f"Dana Keller <{DANA}>", PEER, "How do you run migrations?")
    town.send(ALEX, town.last(ALEX).answers_to, "Hi Dana, in two steps.")
    town.pass_time(11 * DAY, DAY)
    return DANA, town.last(DANA, "worth your time"), "yes"


QUESTIONS = [recommendation, own_address, opinion]
Asked = Callable[[Town], tuple[str, Post, str]]
MACHINES: list[dict[str, str | None]] = [
    {"Auto_Submitted": "auto-replied"},
    {"Precedence": "bulk"},
    {"X_Autoreply": "yes"},
    {"List_Id": "<list.mailer.test>"},
    {"Subject": "Automatic reply: away"},
]


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_machines_answer_to_a_question_does_nothing(town: Town, asked: Asked) -> None:
    author, question, word = asked(town)
    before = len(town.posted)
    for marks in MACHINES:
        town.send(author, question.answers_to, word, **marks)
    raw = raw_mail(body=f"{word}\r\n", From=author, To=question.answers_to, Message_ID="<n@x>")
    town.hand_in(author, question.answers_to, raw, sender="")
    town.post()
    assert len(town.posted) == before
    assert town.send(author, question.answers_to, word).accepted, "and the question is still open"


@pytest.mark.parametrize("asked", QUESTIONS)
def test_an_answer_counts_once_and_only_from_whom_was_asked(town: Town, asked: Asked) -> None:
    author, question, word = asked(town)
    to = question.answers_to
    for other in ("kim@mailer.test", SAM, MIA):
        assert town.send(other, to, word).code == 550
    raw = raw_mail(body=f"{word}\r\n", From=author, To=to, Message_ID="<once@mailer.test>")
    assert town.hand_in(author, to, raw, client="192.0.2.9").code == 550, "unproven"
    assert town.hand_in(author, to, raw, client=HOME).accepted
    town.post()
    before = len(town.posted)
    town.hand_in(author, to, raw, client=HOME)
    assert town.send(author, to, word).code == 550
    town.post()
    assert len(town.posted) == before


@pytest.mark.parametrize("asked", QUESTIONS)
def test_an_answer_that_comes_too_late_does_nothing(town: Town, asked: Asked) -> None:
    author, question, word = asked(town)
    town.pass_time(120 * DAY, 20 * DAY)
    before = len(town.posted)
    assert town.send(author, question.answers_to, word).code == 550
    town.post()
    assert len(town.posted) == before


@pytest.mark.parametrize("asked", [recommendation, own_address])
def test_an_answer_that_says_nothing_is_asked_about_once_a_day(town: Town, asked: Asked) -> None:
    author, question, word = asked(town)
    before = len(town.got(author))
    codes = [town.send(author, question.answers_to, f"Away. {n}").code for n in range(5)]
    assert codes == [250, 550, 550, 550, 550]
    assert len(town.got(author)) == before + 1
    assert town.send(author, question.answers_to, word).accepted


def test_a_tap_decides_on_its_own_message_and_on_no_other(strict: Town) -> None:
    for name in ("dana", "kim"):
        assert strict.send(f"{name}@mailer.test", PEER, f"Hello from {name}.").accepted
    strict.pass_time(timedelta(hours=30))
    digest = strict.last(MIA)
    text = digest.message.get_body(("plain",)).get_content()
    addresses = [word for word in dict.fromkeys(text.replace("?", " ").replace(":", " ").split())
                 if word.startswith("desk+t.")]  # fmt: skip
    assert len(addresses) == 2
    assert strict.send(MIA, addresses[0], "approve").accepted
    assert strict.send(MIA, addresses[0], "approve").code == 550
    with strict.database.read() as connection:
        (left,) = outbox.held(connection)
    assert left.outgoing.state is OutgoingState.HELD
    assert len(strict.got(ALEX)) == 1
