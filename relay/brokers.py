"""The Dramatiq brokers, one function each, chosen by the scheme of `broker.url`.

A task carries an id only and is never retried by the broker: due times lie in the database, and
the next sweep finds whatever was lost.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from dramatiq import Broker
from dramatiq.brokers.stub import StubBroker

from config.values import Unusable

HEARTBEAT = 5000  # milliseconds after which a silent Redis worker's tasks go to others


class Embedded(StubBroker):
    """In this process only. What failed is not kept: the library would, with its traceback."""

    def __init__(self) -> None:
        super().__init__(middleware=[])
        none_kept: Any = defaultdict(lambda: deque(maxlen=0))
        self.dead_letters_by_queue = none_kept


def embedded(url: str) -> Broker:
    return Embedded()


def redis(url: str) -> Broker:
    # Imported here: it is an extra, and not installed for everybody.
    from dramatiq.brokers.redis import RedisBroker

    open_redis: Any = RedisBroker  # the library leaves it without types
    broker: Broker = open_redis(
        url=url,
        middleware=[],
        namespace="peerpost",
        heartbeat_timeout=HEARTBEAT,
        # The share of commands, per million, that look for dead workers.
        maintenance_chance=100_000,
    )
    return broker


def amqp(url: str) -> Broker:
    from dramatiq.brokers.rabbitmq import RabbitmqBroker

    return RabbitmqBroker(url=url, middleware=[], confirm_delivery=True)


BROKERS: dict[str, Callable[[str], Broker]] = {
    "embedded": embedded,
    "redis": redis,
    "rediss": redis,
    "amqp": amqp,
    "amqps": amqp,
}


def open_broker(url: str) -> Broker:
    """The broker that the URL's scheme names. Raises Unusable if there is none, or its extra."""
    scheme = url.partition(":")[0]
    if scheme not in BROKERS:
        raise Unusable("broker.url", f"{scheme}://…", f"a URL that begins with {_known()}")
    try:
        return BROKERS[scheme](url)
    except ModuleNotFoundError as missing:
        wanted = f"embedded://, or install the extra that brings {missing.name}"
        raise Unusable("broker.url", f"{scheme}://…", wanted) from missing


def _known() -> str:
    return ", ".join(f"{one}://" for one in BROKERS)


def is_embedded(url: str) -> bool:
    """Whether the tasks are done by the process that sends them."""
    return url.startswith("embedded:")
