"""Connections to one host, kept and reused."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from relay.delivery.client import Client
from relay.delivery.lines import canonical
from relay.delivery.outcome import Deferred, Letter, Outcome
from relay.delivery.wire import Broken
from screening.addresses import normal


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds, but the first. `idle` and `age` are below what servers grant (Postfix: 300)."""

    connections: int = 50
    wait: float = 30  # for one of them to be free
    flow: float = 1  # a letter that follows another within this time shows that mail is flowing
    idle: float = 5
    age: float = 280
    hold_off: float = 0  # after a connection that could not be made, before the next one
    quit: float = 0.5


class Pool:
    """Thread-safe. Connections are kept while mail is flowing, and are gone soon after.

    A host has few connections to give, so one is not kept for a letter that may never come. The one
    used last is used next: what is too much for the flow falls idle.
    """

    def __init__(self, connect: Callable[[], Client], limits: Limits | None = None) -> None:
        self._connect = connect
        self._limits = limits or Limits()
        self._free = threading.BoundedSemaphore(self._limits.connections)
        self._lock = threading.Lock()
        self._kept: list[Client] = []
        self._under_way = 0  # letters, those that wait for a connection too
        self._done_at = -math.inf  # when the last letter was through
        self._failed = (-math.inf, "")  # when the last connection could not be made, and why
        self._sweep: threading.Timer | None = None
        self._closed = False

    def send(self, letter: Letter) -> Outcome:
        """One attempt. Raises Broken if no content was sent: another host may be tried at once."""
        letter = _for_the_wire(letter)
        with self._lock:
            self._under_way += 1
        try:
            if not self._free.acquire(timeout=self._limits.wait):
                return Deferred("4.3.2 as many connections to the next host are in use as we allow")
            try:
                return self._send(letter)
            finally:
                self._free.release()
        finally:
            with self._lock:
                self._under_way -= 1

    def close(self) -> None:
        """Give up what is idle now, and whatever comes back later."""
        with self._lock:
            self._closed = True
            kept, self._kept = self._kept, []
            if self._sweep:
                self._sweep.cancel()
        self._leave(kept)

    def _send(self, letter: Letter) -> Outcome:
        client, outcome = self._offer(letter)
        if outcome is None:
            outcome = client.hand_over(letter.content)
        self._keep(client)
        return outcome

    def _offer(self, letter: Letter) -> tuple[Client, Outcome | None]:
        """The connection that the envelope was offered on, and what came of it.

        A kept connection may have died unseen; that is no failed attempt, so a new one follows.
        """
        if client := self._take():
            try:
                return client, client.offer(letter)
            except Broken:
                client.close()
        client = self._fresh()
        try:
            return client, client.offer(letter)
        except Broken:
            client.close()
            raise

    def _fresh(self) -> Client:
        at, reason = self._failed
        if time.monotonic() - at < self._limits.hold_off:
            raise Broken(reason)
        try:
            return self._connect()
        except Broken as broken:
            self._failed = (time.monotonic(), str(broken))
            raise

    def _take(self) -> Client | None:
        with self._lock:
            while self._kept:
                client = self._kept.pop()
                if client.at_rest and not self._expired(client):
                    return client
                client.close()
        return None

    def _keep(self, client: Client) -> None:
        now = time.monotonic()
        with self._lock:
            flowing = self._under_way > 1 or now - self._done_at <= self._limits.flow
            self._done_at = now
            keep = client.usable and flowing and not self._closed
            if keep:
                self._kept.append(client)
                self._sweep_later()
        if not client.usable:
            client.close()
        elif not keep:
            self._leave([client])

    def _sweep_later(self) -> None:
        """With the lock held: see to it that what falls idle is given up, letter or no letter."""
        if self._sweep is None:
            self._sweep = threading.Timer(self._limits.idle, self._sweep_now)
            self._sweep.daemon = True
            self._sweep.start()

    def _sweep_now(self) -> None:
        with self._lock:
            expired = [client for client in self._kept if self._expired(client)]
            self._kept = [client for client in self._kept if client not in expired]
            self._sweep = None
            if self._kept and not self._closed:
                self._sweep_later()
        self._leave(expired)

    def _expired(self, client: Client) -> bool:
        now, limits = time.monotonic(), self._limits
        return now - client.used_at >= limits.idle or now - client.opened_at >= limits.age

    def _leave(self, clients: list[Client]) -> None:
        """Say good-bye to all of them, in a bounded time for all together."""
        deadline = time.monotonic() + self._limits.quit
        for client in clients:
            client.quit(max(0.01, deadline - time.monotonic()))


def _for_the_wire(letter: Letter) -> Letter:
    """CRLF line ends, and a domain as A-labels, which need no SMTPUTF8."""
    recipient = letter.recipient
    if not recipient.isascii():
        with contextlib.suppress(ValueError):  # the host is asked as it is, and will say no
            recipient = normal(recipient)
    return replace(letter, recipient=recipient, content=canonical(letter.content))
