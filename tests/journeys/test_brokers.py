"""The service with its workers elsewhere, and with a broker that forgets or is not there."""

from __future__ import annotations

import contextlib
from pathlib import Path

import redis
from ports import free_port
from servers import redis_server
from workers import a_worker, carried_once_the_broker_is_there
from world import ALEX, DOMAIN, a_world, marker

PEER = f"peer-alex@{DOMAIN}"


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
    assert carried_once_the_broker_is_there(tmp_path, "redis://127.0.0.1:1", redis_url) == 1


def test_a_broker_that_goes_and_comes_back_empty_loses_nothing(tmp_path: Path) -> None:
    port, words = free_port(), [marker() for _ in range(3)]
    url = f"redis://127.0.0.1:{port}/0"
    with a_world(tmp_path, broker__url=url) as world, contextlib.ExitStack() as broker:
        broker.enter_context(redis_server(tmp_path, port))
        world.start()
        with a_worker(world):
            assert world.send("dana@mailer.test", PEER, f"{words[0]}\r\n")[0] == 250
            world.arrived(ALEX, words[0])
            broker.close()  # and with it all that it knew
            assert world.send("dana@mailer.test", PEER, f"{words[1]}\r\n")[0] == 250
            broker.enter_context(redis_server(tmp_path, port))
            assert world.send("dana@mailer.test", PEER, f"{words[2]}\r\n")[0] == 250
            for word in words:
                world.arrived(ALEX, word)
        assert world.stop() == 0


def test_the_service_runs_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    with a_world(tmp_path, storage__url=postgresql_url) as world:
        world.start()
        word, answer = marker(), marker()
        assert world.send("dana@mailer.test", PEER, f"{word}\r\n")[0] == 250
        first = world.arrived(ALEX, word)
        assert world.send(ALEX, first.answers_to, f"{answer}\r\n")[0] == 250
        world.arrived("dana@mailer.test", answer)
        assert world.stop() == 0
