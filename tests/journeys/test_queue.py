"""Whoever is in charge can try, hold, release and give up what is on its way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from world import ALEX, DOMAIN, World, a_world, eventually, marker

PEER = f"peer-alex@{DOMAIN}"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A service whose next host takes nothing yet, and which tries again in an hour only."""
    later = {"delivery__retry_after": "1h", "delivery__retry_max": "1h"}
    with a_world(tmp_path, ambassador__weekly_threads=0, **later) as made:
        made.smarthost.answers["RCPT"] = b"450 4.2.1 not yet\r\n"
        made.start()
        yield made


def waiting(world: World, count: int) -> list[str]:
    """The ids of that many messages, each of which was refused for now."""
    for number in range(count):
        assert world.send(f"dana{number}@mailer.test", PEER, f"{marker()}\r\n")[0] == 250
    eventually(
        lambda: [one["attempts"] for one in world.listed("queue")] == [1] * count, "an attempt each"
    )
    return [one["id"] for one in world.listed("queue")]


def test_one_is_tried_now_and_the_others_later(world: World) -> None:
    first, second = waiting(world, 2)
    del world.smarthost.answers["RCPT"]
    assert world.do("queue", "retry", second) == "1 done\n"
    world.arrived(ALEX)
    eventually(lambda: [one["id"] for one in world.listed("queue")] == [first], "one is left")
    world.do("queue", "retry", "--all")
    world.arrived(ALEX, count=2)


def test_what_is_on_hold_waits_until_it_is_released(world: World) -> None:
    first, _ = waiting(world, 2)
    world.do("queue", "hold", first)
    assert [one["state"] for one in world.listed("queue")] == ["on hold", "queued"]
    del world.smarthost.answers["RCPT"]
    world.do("queue", "retry", "--all")
    world.arrived(ALEX)
    assert [one["id"] for one in world.listed("queue")] == [first]
    assert world.run("queue", "retry", first).returncode == 2
    world.do("queue", "release", "--all")
    world.arrived(ALEX, count=2)


def test_what_is_deleted_never_arrives_and_its_author_is_told(world: World) -> None:
    waiting(world, 1)
    del world.smarthost.answers["RCPT"]
    world.do("queue", "delete", "--all", "--yes")
    assert "Alex" in world.arrived("dana0@mailer.test").text
    world.settled()
    assert not world.mails(ALEX)
    assert world.do("queue") == "nothing is on its way\n"


def test_an_unknown_id_and_no_id_at_all_are_refused(world: World) -> None:
    assert world.run("queue", "retry", "nonsense").returncode == 2
    assert world.run("queue", "hold").returncode == 2
    assert world.do("queue", "retry", "--all") == "0 done\n"
