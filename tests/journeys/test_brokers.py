"""The service with its workers elsewhere, and with a broker that forgets or is not there."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import redis
from world import ALEX, DOMAIN, PEERPOST, World, a_world, eventually, marker

PEER = f"peer-alex@{DOMAIN}"


@contextlib.contextmanager
def a_worker(world: World) -> Iterator[subprocess.Popen[bytes]]:
    """`peerpost worker` beside the world's serve; it must end well on SIGTERM."""
    with open(world.folder / "worker.log", "ab") as log:
        process = subprocess.Popen(
            [PEERPOST, "worker"], cwd=world.folder, env=world.environment, stdout=log, stderr=log
        )
    try:
        eventually(
            lambda: "worker ready" in (world.folder / "worker.log").read_text(), "a ready worker"
        )
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


def test_serve_takes_mail_and_a_worker_on_redis_delivers_it(tmp_path: Path, redis_url: str) -> None:
    with a_world(tmp_path, broker__url=redis_url) as world:
        world.start()
        with a_worker(world):
            word, answer = marker(), marker()
            assert world.send("dana@mailer.test", PEER, f"{word}\r\n")[0] == 250
            first = world.arrived(ALEX, word)
            assert world.send(ALEX, first.answers_to, f"{answer}\r\n")[0] == 250
            world.arrived("dana@mailer.test", answer)
        assert world.stop() == 0


def test_losing_every_task_loses_no_mail(tmp_path: Path, redis_url: str) -> None:
    with a_world(tmp_path, broker__url=redis_url) as world:
        world.start()
        words = [marker() for _ in range(3)]
        for word in words:
            assert world.send("dana@mailer.test", PEER, f"{word}\r\n")[0] == 250
        redis.Redis.from_url(redis_url).flushall()
        with a_worker(world):
            for word in words:
                world.arrived(ALEX, word)


def test_mail_is_taken_while_the_broker_is_down_and_delivered_later(
    tmp_path: Path, redis_url: str
) -> None:
    with a_world(tmp_path, broker__url="redis://127.0.0.1:1") as world:
        world.start()
        word = marker()
        assert world.send("dana@mailer.test", PEER, f"{word}\r\n")[0] == 250
        assert world.stop() == 0
        world.settings["broker.url"] = redis_url
        world.start()
        with a_worker(world):
            world.arrived(ALEX, word)


def test_the_service_runs_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    with a_world(tmp_path, storage__url=postgresql_url) as world:
        world.start()
        word, answer = marker(), marker()
        assert world.send("dana@mailer.test", PEER, f"{word}\r\n")[0] == 250
        first = world.arrived(ALEX, word)
        assert world.send(ALEX, first.answers_to, f"{answer}\r\n")[0] == 250
        world.arrived("dana@mailer.test", answer)
        assert world.stop() == 0
