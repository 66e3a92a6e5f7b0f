"""HR notes how far a conversation has come."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import ALEX, DOMAIN, World, a_world, marker


@pytest.fixture
def world(tmp_path: Path):
    with a_world(tmp_path) as made:
        made.start()
        word = marker()
        assert made.send("dana@mailer.test", f"peer-alex@{DOMAIN}", f"{word}\r\n")[0] == 250
        made.arrived(ALEX, word)
        yield made


def test_a_stage_is_noted_and_shown_and_nothing_else_is_taken(world: World) -> None:
    (thread,) = world.listed("threads")
    world.do("stage", thread["id"], "hired")
    assert world.listed("threads")[0]["stage"] == "hired"
    for wrong in (("stage", "nonsense", "hired"), ("stage", thread["id"], "famous"), ("stage",)):
        done = world.run(*wrong)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), done.stderr
    assert world.listed("threads")[0]["stage"] == "hired"
