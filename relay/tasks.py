"""The Dramatiq actors: deliver, follow_up, sweep. Each gets an id and finds all else in storage."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import dramatiq

from config import logs
from relay.delivery.courier import Courier
from relay.rounds import Rounds

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Actors:
    """The actors of one broker."""

    deliver: dramatiq.Actor[[str], None]
    follow_up: dramatiq.Actor[[str], None]
    sweep: dramatiq.Actor[[], None]


class Tasks:
    """Sends the tasks of one process, and does those that come to it.

    A broker that is down loses nothing: what could not be sent is found by a later sweep.
    """

    def __init__(self, broker: dramatiq.Broker) -> None:
        self.broker = broker
        self._courier: Courier | None = None
        self._rounds: Rounds | None = None
        # Declared here and not at import: an actor belongs to the broker it was declared with.
        self.actors = Actors(
            dramatiq.actor(actor_name="deliver", broker=broker)(self._deliver),
            dramatiq.actor(actor_name="follow_up", broker=broker)(self._follow_up),
            dramatiq.actor(actor_name="sweep", broker=broker)(self._sweep),
        )

    def employ(self, courier: Courier, rounds: Rounds) -> None:
        """Who does the tasks in this process."""
        self._courier, self._rounds = courier, rounds

    def wake(self, ids: tuple[str, ...]) -> None:
        """Have these items of the outbox delivered."""
        self._send(self.actors.deliver, ids)

    def follow_up(self, thread_ids: tuple[str, ...]) -> None:
        """Have these threads looked at."""
        self._send(self.actors.follow_up, thread_ids)

    def tick(self) -> None:
        """Have everything looked for that is due."""
        self._send_one(self.actors.sweep.send)

    def _send(self, actor: dramatiq.Actor[[str], None], ids: Iterable[str]) -> None:
        for one in ids:
            if not self._send_one(actor.send, one):
                return

    def _send_one(self, send: Callable[..., object], *arguments: str) -> bool:
        try:
            send(*arguments)
        except Exception as error:  # noqa: BLE001 - each broker's library has failures of its own
            log.warning("could not reach the broker", error=type(error).__name__)
            return False
        return True

    def _deliver(self, item_id: str) -> None:
        if self._courier is not None:
            self._courier.deliver(item_id)

    def _follow_up(self, thread_id: str) -> None:
        if self._rounds is not None:
            self._rounds.follow_up(thread_id)

    def _sweep(self) -> None:
        if self._rounds is not None:
            self._rounds.sweep()
