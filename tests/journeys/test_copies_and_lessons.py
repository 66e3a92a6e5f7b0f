"""Mass mail is known by its copies, and screening learns from what people decide."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from town import ALEX, DANA, PEER, SAM, Town, a_town

from relay import roster
from relay.threads import review
from relay.threads.waiting import waiting
from storage import lessons, outbox, people
from storage.database import Database

KIM = "kim@studio.test"
SAM_PEER = "peer-sam@peers.example.test"
# Written like a peer's mail, so that only its copies give it away.
PEERLIKE = (
    "Hi {name}, I run the platform group of a mid-sized insurer. Last year we moved 40 services to {topic} and "
    "our p99 latency went from 80 ms to 350 ms under load. We profiled the connection pool and found lock waits. "
    "How did you size pools on your team, and what broke first when you did?"
)
CHINESE = (
    "{name}您好，我在一家保险公司负责平台团队，去年我们把四十个服务迁移到{topic}，高峰期的延迟从八十毫秒升到三百五十毫秒。"
    "我们分析了连接池，发现有锁等待。你们团队是怎么确定连接池大小的？最先出问题的是哪里？"
)
OWN_WORDS = (
    "Hello Sam, I run the platform group of a mid-sized insurer, and I read that you carry the pager. Ours rings "
    "30 times a week since we moved to Kubernetes 1.29; most of it is noise from node rotation. How do you decide "
    "which alerts may wake somebody, and who is allowed to delete one?"
)
VENDOR = "Hi Alex, we help companies cut cloud costs. Our clients save 40%. Are you free for a quick demo on Tuesday?"


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    settings = {"screening__policy": "balanced", "ambassador__weekly_threads": 0}
    with a_town(sqlite_database, tmp_path, **settings) as made:
        yield made


def learned(town: Town) -> dict[str, float]:
    with town.database.read() as connection:
        return {
            name: value for name, value in lessons.learned(connection).items() if abs(value) > 1e-9
        }


def decide(town: Town, welcome: bool) -> None:
    """HR decides on all that is held."""
    with town.database.read() as connection:
        found = [waiting(connection, one.outgoing.id) for one in outbox.held(connection)]
    for held in filter(None, found):
        followup = town.settings.followup
        town.apply(
            review.approve(held, followup, town.pen)
            if welcome
            else review.decline(held, "", town.pen)
        )


@pytest.mark.parametrize("text", [PEERLIKE, CHINESE])
def test_a_copy_is_known_although_name_and_topic_and_sender_differ(town: Town, text: str) -> None:
    town.send(DANA, PEER, text.format(name="Alex", topic="python"))
    town.send(KIM, SAM_PEER, text.format(name="Sam", topic="Kubernetes"))
    assert len(town.got(ALEX)) == 1
    assert town.got(SAM) == []
    assert "what are you working on" in town.last(KIM).text


def test_who_writes_to_two_with_own_words_reaches_both(town: Town) -> None:
    town.send(DANA, PEER, PEERLIKE.format(name="Alex", topic="python"))
    town.send(DANA, SAM_PEER, OWN_WORDS)
    assert (len(town.got(ALEX)), len(town.got(SAM))) == (1, 1)


def test_who_was_passed_on_may_write_to_somebody_else_in_the_same_words(town: Town) -> None:
    town.send(DANA, PEER, PEERLIKE.format(name="Alex", topic="python"))
    town.send(ALEX, town.last(ALEX).answers_to, "/pass too much to do")
    town.send(DANA, SAM_PEER, PEERLIKE.format(name="Sam", topic="Kubernetes"))
    assert len(town.got(SAM)) == 1


def test_writing_again_in_the_same_words_to_the_same_person_is_no_copy(town: Town) -> None:
    town.send(DANA, PEER, PEERLIKE.format(name="Alex", topic="python"))
    town.send(DANA, PEER, PEERLIKE.format(name="Alex", topic="python") + " Did it get lost?")
    assert len(town.got(ALEX)) == 2


def test_what_was_forgotten_has_no_copies(town: Town) -> None:
    town.send(DANA, PEER, PEERLIKE.format(name="Alex", topic="python"))
    with town.database.read() as connection:
        dana = people.candidate_by_address(connection, DANA)
    assert dana
    town.apply(roster.forget(dana, town.pen))
    town.send(KIM, SAM_PEER, PEERLIKE.format(name="Sam", topic="Kubernetes"))
    assert len(town.got(SAM)) == 1


def test_an_answer_is_not_taken_for_a_copy_of_what_it_answers_for(town: Town) -> None:
    town.send(DANA, PEER, "Hi Alex, I would like to connect.")
    to = town.last(DANA, "what are you working on").answers_to
    town.send(DANA, to, PEERLIKE.format(name="Alex", topic="python"))
    assert town.got(ALEX)


def test_a_decision_by_hr_moves_the_weights_and_forgetting_moves_them_back(
    sqlite_database: Database, tmp_path: Path
) -> None:
    settings = {"screening__policy": "balanced", "screening__ask_back": False}
    with a_town(sqlite_database, tmp_path, **settings) as town:
        town.send(DANA, PEER, VENDOR)
        decide(town, welcome=True)
        moved = learned(town)
        assert moved["offer"] > 0
        assert max(map(abs, moved.values())) < 0.2
        with town.database.read() as connection:
            dana = people.candidate_by_address(connection, DANA)
        assert dana
        town.apply(roster.forget(dana, town.pen))
        assert learned(town) == {}


def test_of_copies_that_come_at_the_same_moment_one_is_the_first(town: Town) -> None:
    names = [f"kim{number}" for number in range(6)]
    for name in names:
        town.add(name, f"{name.title()} Lee", f"{name}@corp.example.test")

    def write(name: str) -> None:
        town.send(
            f"{name}@studio.test",
            f"peer-{name}@peers.example.test",
            PEERLIKE.format(name=name, topic="queues"),
        )

    with ThreadPoolExecutor(len(names)) as all_at_once:
        list(all_at_once.map(write, names))
    assert sum(len(town.got(f"{name}@corp.example.test")) for name in names) == 1


def test_a_pass_after_a_talk_teaches_nothing(town: Town) -> None:
    town.send(DANA, PEER, PEERLIKE.format(name="Alex", topic="python"))
    forwarded = town.last(ALEX).answers_to
    town.send(ALEX, forwarded, "Hi Dana, we size them by the number of cores.")
    town.send(ALEX, forwarded, "/pass")
    assert learned(town) == {}


def test_pass_and_worth_teach_what_the_ambassador_thinks(town: Town) -> None:
    town.send(DANA, PEER, PEERLIKE.format(name="Alex", topic="python"))
    forwarded = town.last(ALEX).answers_to
    town.send(ALEX, forwarded, "/worth yes")
    liked = learned(town)
    assert liked
    town.send(ALEX, forwarded, "/pass")
    assert {name: value < 0 for name, value in learned(town).items()} == {
        name: value > 0 for name, value in liked.items()
    }
