"""The Dramatiq actors: deliver, follow_up, sweep, report. What they need is found in storage."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import dramatiq

from config import logs
from relay.rounds import Rounds

log = logs.get(__name__)

TOGETHER = 256  # ids in one task


@dataclass(frozen=True, slots=True)
class Actors:
    """The actors of one broker."""

    deliver: dramatiq.Actor[[list[str]], None]
    follow_up: dramatiq.Actor[[list[str]], None]
    sweep: dramatiq.Actor[[], None]
    report: dramatiq.Actor[[], None]


@dataclass(frozen=True, slots=True)
class Staff:
    """Who does the tasks in this process."""

    deliver: Callable[[Sequence[str]], None]
    rounds: Rounds


class Tasks:
    """Sends the tasks of one process, and does those that come to it.

    Nobody waits for the broker: a thread of its own tells it, of all that waits at once. One that
    is down loses nothing: what could not be sent is found by a later sweep.
    """

    def __init__(self, broker: dramatiq.Broker) -> None:
        self.broker = broker
        self._staff: Staff | None = None
        self._news: queue.SimpleQueue[tuple[str, ...] | None] = queue.SimpleQueue()
        # Declared here and not at import: an actor belongs to the broker it was declared with.
        self.actors = Actors(
            dramatiq.actor(actor_name="deliver", broker=broker)(self._deliver),
            dramatiq.actor(actor_name="follow_up", broker=broker)(self._follow_up),
            dramatiq.actor(actor_name="sweep", broker=broker)(self._sweep),
            dramatiq.actor(actor_name="report", broker=broker)(self._report),
        )
        self._messenger = threading.Thread(target=self._tell, name="messenger", daemon=True)
        self._messenger.start()

    def employ(self, staff: Staff) -> None:
        """From now on the tasks that come to this process are done by these."""
        self._staff = staff

    def wake(self, ids: tuple[str, ...]) -> None:
        """Have these items of the outbox delivered. Never waits."""
        if ids:
            self._news.put(ids)

    def follow_up(self, thread_ids: tuple[str, ...]) -> None:
        """Have these threads looked at."""
        self._send(self.actors.follow_up, thread_ids)

    def tick(self) -> None:
        """Have everything looked for that is due."""
        self._sent(self.actors.sweep.send)

    def report(self) -> None:
        """Have the report mailed, if one is due."""
        self._sent(self.actors.report.send)

    def close(self, seconds: float) -> None:
        """Tell of what is still to be told of, within that time."""
        self._news.put(None)
        self._messenger.join(seconds)

    def _tell(self) -> None:
        while (ids := self._news.get()) is not None:
            gathered = list(ids)
            while not self._news.empty():
                more = self._news.get()
                if more is None:
                    self._news.put(None)
                    break
                gathered += more
            self._send(self.actors.deliver, gathered)

    def _send(self, actor: dramatiq.Actor[[list[str]], None], ids: Sequence[str]) -> None:
        for start in range(0, len(ids), TOGETHER):
            if not self._sent(actor.send, list(ids[start : start + TOGETHER])):
                return

    def _sent(self, send: Callable[..., object], *arguments: list[str]) -> bool:
        try:
            send(*arguments)
        except Exception as error:  # noqa: BLE001 - each broker's library has failures of its own
            log.warning("could not reach the broker", error=type(error).__name__)
            return False
        return True

    def _deliver(self, ids: list[str]) -> None:
        if self._staff is not None:
            self._staff.deliver(ids)

    def _follow_up(self, thread_ids: list[str]) -> None:
        if self._staff is not None:
            for thread_id in thread_ids:
                self._staff.rounds.follow_up(thread_id)

    def _sweep(self) -> None:
        if self._staff is not None:
            self._staff.rounds.sweep()

    def _report(self) -> None:
        if self._staff is not None:
            self._staff.rounds.report()
