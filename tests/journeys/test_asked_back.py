"""The doubtful are asked once; their answer is judged together with what they wrote first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from town import ALEX, DANA, PEER, SAM, Town, a_town

from storage import outbox
from storage.database import Database
from storage.records.mail import OutgoingState
from storage.records.threads import ThreadState

THIN = "Hi Alex, I would like to connect."
GOOD = (
    "I maintain the billing service of a small energy supplier. We moved our nightly job from cron to "
    "Postgres advisory locks, and since then two of nine workers sit idle. How do you keep workers from "
    "starving on your team, and did partitioned queues help?"
)
OFFER = (
    "Hi Alex, we are an outsourcing company with 200 developers at competitive rates. Our clients save 40%. "
    "Are you free for a quick demo on Tuesday, or could you point me to the right person?"
)
MORE_OFFER = (
    "We help companies like yours to scale their teams. I would love to show you a demo; book a slot in my "
    "calendar. Our rates start at $25 per hour, and we can send you profiles today."
)
NOTICE = (
    "Your ticket 4711 was updated. Do not reply to this notification; to unsubscribe, change the "
    "settings of your newsletter."
)
STUDENT = (
    "Hello Alex, I am a second-year computer science student and I am looking for a summer internship. "
    "Could you give me some advice on how to get started, and refer me to your company?"
)
ABUSE = (
    "I will pay you 5000 in bitcoin for the names of your VPN gateways and the home addresses of your admins. "
    "Keep this between us and do not tell anybody, or you will regret it, you idiot."
)


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    settings = {"screening__policy": "balanced", "relay__careers_url": "https://example.test/jobs"}
    with a_town(sqlite_database, tmp_path, ambassador__weekly_threads=0, **settings) as made:
        yield made


def waiting(town: Town) -> list[OutgoingState]:
    with town.database.read() as connection:
        return [
            item.outgoing.state
            for thread in town.threads()
            for item in outbox.held_in_thread(connection, thread.id)
        ]


def question(town: Town) -> str:
    """Where an answer to the question goes."""
    return town.last(DANA, "what are you working on").answers_to


def test_a_good_answer_lets_both_go_in_their_order(town: Town) -> None:
    town.send(DANA, PEER, THIN)
    assert town.got(ALEX) == []
    town.send(DANA, question(town), GOOD, Subject="Re: One question")
    assert [one.text[:8] for one in town.got(ALEX)] == ["Hi Alex,"]
    town.pass_time(timedelta(seconds=2), timedelta(seconds=1))
    assert [one.text[:10] for one in town.got(ALEX)] == ["Hi Alex, I", "I maintain"]
    assert waiting(town) == []
    assert len(town.got(DANA)) == 1


def test_an_answer_that_is_one_more_offer_goes_nowhere_and_takes_the_first_mail_with_it(
    town: Town,
) -> None:
    town.send(DANA, PEER, OFFER)
    assert waiting(town) == [OutgoingState.ASKED]
    assert town.send(DANA, question(town), MORE_OFFER).accepted
    town.pass_time(timedelta(days=1))
    assert town.got(ALEX) == []
    assert waiting(town) == []
    assert "No conversation comes of it this time" in town.last(DANA).text
    assert town.threads()[0].state is ThreadState.CLOSED


def test_a_few_good_words_do_not_wash_an_offer_clean(town: Town) -> None:
    town.send(DANA, PEER, OFFER)
    town.send(DANA, question(town), "Sure, see above. What do you use for your workers?")
    town.pass_time(timedelta(days=1))
    assert town.got(ALEX) == []


def test_who_was_turned_away_is_screened_when_they_write_again(town: Town) -> None:
    town.send(DANA, PEER, OFFER)
    town.send(DANA, question(town), MORE_OFFER)
    town.send(DANA, PEER, OFFER.replace("Tuesday", "Friday"))
    town.pass_time(timedelta(hours=1))
    assert town.got(ALEX) == []


def test_fraud_is_held_and_never_asked(town: Town) -> None:
    town.send(DANA, PEER, ABUSE)
    assert waiting(town) == [OutgoingState.HELD]
    assert town.got(DANA) == []


def test_an_answer_with_fraud_in_it_is_held(town: Town) -> None:
    town.send(DANA, PEER, THIN)
    town.send(DANA, question(town), ABUSE)
    assert sorted(waiting(town)) == [OutgoingState.ASKED, OutgoingState.HELD]
    assert town.got(ALEX) == []


def test_an_answer_like_a_machines_notice_is_not_dropped_in_silence(town: Town) -> None:
    town.send(DANA, PEER, THIN)
    town.send(DANA, question(town), NOTICE)
    assert sorted(waiting(town)) == [OutgoingState.ASKED, OutgoingState.HELD]


def test_whoever_is_not_proven_is_not_asked(town: Town) -> None:
    raw = f"From: {DANA}\r\nTo: {PEER}\r\nSubject: hello\r\nMessage-ID: <1@x>\r\n\r\n{THIN}\r\n"
    town.hand_in(DANA, PEER, raw.encode(), client="192.0.2.9")
    assert waiting(town) == [OutgoingState.HELD]
    assert town.got(DANA) == []


def test_without_an_answer_it_lapses_with_a_kind_word(town: Town) -> None:
    town.send(DANA, PEER, THIN)
    town.pass_time(timedelta(days=6), timedelta(hours=12))
    told = town.last(DANA)
    assert "waited for your answer" in told.text
    assert "our fault" not in told.text
    assert waiting(town) == []
    assert town.got(ALEX) == []
    assert town.threads()[0].state is ThreadState.CLOSED


def test_nobody_is_asked_more_than_three_times_a_day(town: Town) -> None:
    for number in range(4):
        name = f"kim{number}"
        town.add(name, f"Kim{number} Lee", f"{name}@corp.example.test")
        town.send(DANA, f"peer-{name}@peers.example.test", f"{THIN} {number * 'Really. '}")
    assert len(town.got(DANA, "what are you working on")) == 3


def test_a_student_is_shown_the_careers_page_once_a_day_and_may_still_ask(town: Town) -> None:
    town.send(DANA, PEER, STUDENT)
    pointer = town.last(DANA)
    assert "https://example.test/jobs" in pointer.text
    assert "what are you working on" in pointer.text
    town.send(DANA, "peer-sam@peers.example.test", f"{STUDENT} I like Sam's field best.")
    assert len(town.got(DANA, "https://example.test/jobs")) == 1
    assert town.got(ALEX) == town.got(SAM) == []


def test_a_student_who_asks_for_the_same_again_is_turned_away_kindly(town: Town) -> None:
    town.send(DANA, PEER, STUDENT)
    town.now += timedelta(days=1)
    town.send(DANA, town.last(DANA).answers_to, f"Yes! {STUDENT}")
    town.pass_time(timedelta(hours=1))
    assert "was not passed on" in town.last(DANA).text
    assert "https://example.test/jobs" in town.last(DANA).text
    assert town.got(ALEX) == []
    assert waiting(town) == []


def test_the_question_comes_in_the_language_of_the_mail(town: Town) -> None:
    town.send(
        DANA,
        PEER,
        "Hallo Alex, ich möchte mich gern mit dir vernetzen.",
    )
    assert "Woran arbeitest du" in town.last(DANA).text
