"""What was answered with 250 is delivered, whatever breaks."""

from __future__ import annotations

import contextlib
import os
import random
import signal
from pathlib import Path

import pytest
from load import PEER, Load, killed
from smarthost import Smarthost
from world import ALEX, World, a_world, eventually, marker


def test_a_kill_right_after_the_250_loses_nothing(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        world.smarthost.answers["RCPT"] = b"450 4.2.1 not yet\r\n"
        words = []
        for _ in range(4):
            world.start()
            words.append(marker())
            assert world.send("dana@mailer.test", PEER, f"{words[-1]}\r\n")[0] == 250
            world.kill()
        del world.smarthost.answers["RCPT"]
        world.start()
        for word in words:
            world.arrived(ALEX, word)


def test_kills_under_load_lose_nothing_that_was_taken(tmp_path: Path) -> None:
    rounds = 4  # benchmarks/kills/run.py does 50
    with a_world(tmp_path) as world:
        kept = killed(world, rounds, random.Random())
        assert kept.taken >= rounds
        assert kept.differing == 0


def test_sigterm_under_load_ends_well_and_carries_everything_once(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        load = Load(world)
        for processes in ("1", "2"):
            world.start("--processes", processes)
            with load.running():
                load.taking(10)
                assert world.stop(within=15) == 0
        world.start()
        eventually(lambda: not load.missing(), "all that was taken arrives")
        world.settled()
        bodies = [mail.text.strip() for mail in world.mails(ALEX)]
        assert len(bodies) == len(set(bodies))


@pytest.mark.parametrize(
    "breakage",
    [
        {"GREETING": b"421 4.3.2 busy\r\n"},
        {"RCPT": b"450 4.2.1 greylisted\r\n"},
        {"CONTENT": b"451 4.3.0 later\r\n"},
        {"CONTENT": b""},  # it hangs up after the final dot
        {"RCPT": b""},
    ],
)
def test_a_smarthost_in_trouble_gets_the_message_once_it_is_well(
    tmp_path: Path, breakage: dict[str, bytes]
) -> None:
    with a_world(tmp_path) as world:
        world.smarthost.answers.update(breakage)
        world.start()
        word = marker()
        assert world.send("dana@mailer.test", PEER, f"{word}\r\n")[0] == 250
        eventually(lambda: world.listed("queue")[0]["attempts"] >= 1, "an attempt")
        world.smarthost.answers.clear()
        world.arrived(ALEX, word)
        world.settled()
        assert len(world.mails(ALEX, word)) == 1


def test_a_smarthost_that_is_down_gets_the_message_when_it_is_up(tmp_path: Path) -> None:
    with Smarthost().running() as other:
        port = other.port  # nobody listens there any more, until the host is up again
    with a_world(tmp_path, delivery__port=port) as world:
        world.start()
        word = marker()
        assert world.send("dana@mailer.test", PEER, f"{word}\r\n")[0] == 250
        eventually(lambda: world.listed("queue")[0]["attempts"] >= 1, "an attempt")
        with Smarthost(port=port).running() as up:
            eventually(lambda: up.arrived, "the message")
            world.settled()
            assert word.encode() in up.arrived[0].content


def test_a_final_refusal_is_told_the_author_once_and_without_the_hosts_words(
    tmp_path: Path,
) -> None:
    with a_world(tmp_path) as world:
        secret = b"550 5.1.1 <alex.chen@corp.example.test> unknown at mx7.corp\r\n"
        refuse = lambda session: secret if b"alex" in session.line else None  # noqa: E731
        world.smarthost.answers["RCPT"] = refuse
        world.start()
        assert world.send("dana@mailer.test", PEER)[0] == 250
        told = world.arrived("dana@mailer.test")
        world.settled()
        assert "Alex" in told.text
        assert b"corp" not in told.content.lower()
        assert len(world.mails("dana@mailer.test")) == 1
        assert world.listed("queue")[0]["state"] == "failed"
        # Some refusals may be the host's mistake; after five nothing more is sent there.
        for number in range(4):
            assert world.send(f"erin{number}@mailer.test", PEER)[0] == 250
            world.arrived(f"erin{number}@mailer.test")
        eventually(
            lambda: world.listed("ambassador", "list")[0]["state"] == "mail comes back",
            "an address that is left alone",
        )
        assert world.send("dana@mailer.test", PEER)[0] == 550
        world.smarthost.answers.clear()
        assert "1 are" in world.do("unsuspend", "--all")
        assert world.send("dana@mailer.test", PEER, "Again?\r\n")[0] == 250
        world.arrived(ALEX, "Again?")


def test_several_processes_share_one_port_and_one_that_dies_is_replaced(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        world.start("--processes", "2")
        children = eventually(
            lambda: len(found := _children(world)) == 2 and found, "two processes"
        )
        os.kill(children[0], signal.SIGKILL)
        eventually(lambda: len(now := _children(world)) == 2 and now != children, "a new process")
        for _ in range(6):
            word = marker()
            eventually(
                lambda word=word: _sent(world, word), "a mail is taken though a process just died"
            )
            world.arrived(ALEX, word)
        assert world.stop() == 0


def _sent(world: World, word: str) -> bool:
    with contextlib.suppress(OSError, EOFError):
        return world.send("dana@mailer.test", PEER, f"{word}\r\n")[0] == 250
    return False


def _children(world: World) -> list[int]:
    assert world.process is not None
    listed = Path(f"/proc/{world.process.pid}/task/{world.process.pid}/children").read_text()
    return [int(pid) for pid in listed.split()]
