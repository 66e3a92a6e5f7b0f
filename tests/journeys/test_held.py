"""Messages that wait for a person: approve, decline, expire."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import ALEX, DOMAIN, World, a_world, eventually, marker

KIM = "kim@mailer.test"
PEER = f"peer-alex@{DOMAIN}"


@pytest.fixture
def world(tmp_path: Path):
    with a_world(tmp_path, screening__policy="strict") as made:
        made.start()
        yield made


def held(world: World) -> tuple[str, str]:
    """A first contact that is held; its id and its word."""
    word = marker()
    assert world.send(KIM, PEER, f"{word}\r\n")[0] == 250
    (item,) = eventually(lambda: world.listed("held"), "a held message")
    assert (item["ambassador"], item["from_domain"]) == ("alex", "mailer.test")
    assert item["reasons"]
    assert set(item["reasons"][0]) == {"rule", "reason"}
    assert world.mails(word=word) == []
    return item["id"], word


def test_an_approved_message_goes_out_at_once_and_can_be_answered(world: World) -> None:
    id_, word = held(world)
    world.do("approve", id_)
    first = world.arrived(ALEX, word)
    answer = marker()
    assert world.send(ALEX, first.answers_to, f"{answer}\r\n")[0] == 250
    world.arrived(KIM, answer)
    assert world.listed("held") == []
    assert world.listed("threads")[0]["state"] == "answered"


def test_a_declined_message_is_dropped_and_its_author_told_in_our_words(world: World) -> None:
    id_, word = held(world)
    world.do("decline", id_, "--reason", "The team is full this year.")
    told = world.arrived(KIM, "The team is full")
    assert told.sender == ""
    assert told.message["Auto-Submitted"] == "auto-generated"
    assert b"corp.example.test" not in told.content
    assert world.mails(ALEX, word) == []
    assert world.listed("threads")[0]["state"] == "closed"


def test_what_was_decided_cannot_be_decided_again(world: World) -> None:
    id_, word = held(world)
    world.do("approve", id_)
    world.arrived(ALEX, word)
    for command in (("approve", id_), ("decline", id_), ("approve", "nonsense")):
        done = world.run(*command)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), done.stderr


def test_nobody_decides_by_mail_without_having_been_asked(world: World) -> None:
    id_, word = held(world)
    for address in (f"approve@{DOMAIN}", f"desk@{DOMAIN}", f"approve+{id_}@{DOMAIN}"):
        world.send(ALEX, address, f"approve {id_}\r\n", Subject=f"approve {id_}")
    world.settled()
    assert [item["id"] for item in world.listed("held")] == [id_]
    assert world.mails(ALEX, word) == []


def test_a_held_message_that_nobody_decides_on_expires_with_a_word(tmp_path: Path) -> None:
    with a_world(tmp_path, screening__policy="strict", screening__hold_expires="1s") as world:
        world.start()
        assert world.send(KIM, PEER)[0] == 250
        told = world.arrived(KIM)
        assert told.sender == ""
        assert world.listed("held") == []
