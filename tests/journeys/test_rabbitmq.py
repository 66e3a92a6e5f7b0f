"""The service with its workers on RabbitMQ; skipped where Debian's package is not installed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker
from ports import free_port
from rabbitmq import is_installed, rabbitmq_server
from workers import a_worker, carried_once_the_broker_is_there
from world import ALEX, DOMAIN, a_world, eventually, marker

pytestmark = pytest.mark.skipif(
    not is_installed(), reason="needs RabbitMQ: apt-get install rabbitmq-server"
)

PEER = f"peer-alex@{DOMAIN}"


@pytest.fixture(scope="module")
def rabbitmq_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with rabbitmq_server(tmp_path_factory.mktemp("rabbitmq")) as url:
        yield url


def test_serve_takes_mail_and_a_worker_on_rabbitmq_delivers_it(
    tmp_path: Path, rabbitmq_url: str
) -> None:
    with a_world(tmp_path, broker__url=rabbitmq_url) as world:
        world.start()
        with a_worker(world):
            word, answer = marker(), marker()
            assert world.send("dana@mailer.test", PEER, f"{word}\r\n")[0] == 250
            first = world.arrived(ALEX, word)
            assert world.send(ALEX, first.answers_to, f"{answer}\r\n")[0] == 250
            world.arrived("dana@mailer.test", answer)
        assert world.stop() == 0


def test_a_queue_that_is_purged_and_a_broker_that_restarts_lose_no_mail(tmp_path: Path) -> None:
    port, words, folder = free_port(), [marker() for _ in range(3)], tmp_path / "rabbitmq"
    folder.mkdir()
    url = f"amqp://guest:guest@127.0.0.1:{port}"
    with a_world(tmp_path, broker__url=url) as world, contextlib.ExitStack() as broker:
        broker.enter_context(rabbitmq_server(folder, port))
        world.start()
        assert world.send("dana@mailer.test", PEER, f"{words[0]}\r\n")[0] == 250
        eventually(lambda: _purged(url), "a queue to purge")
        with a_worker(world):
            broker.close()
            assert world.send("dana@mailer.test", PEER, f"{words[1]}\r\n")[0] == 250
            broker.enter_context(rabbitmq_server(folder, port))
            assert world.send("dana@mailer.test", PEER, f"{words[2]}\r\n")[0] == 250
            for word in words:
                world.arrived(ALEX, word)
        assert world.stop() == 0


def test_mail_is_taken_while_rabbitmq_is_down_and_delivered_later(
    tmp_path: Path, rabbitmq_url: str
) -> None:
    assert carried_once_the_broker_is_there(tmp_path, "amqp://127.0.0.1:1", rabbitmq_url) == 1


def _purged(url: str) -> bool:
    """Whether the queue was there; it is made with the first task, after the 250."""
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        try:
            connection.channel().queue_purge("default")
        except ChannelClosedByBroker:
            return False
    return True
