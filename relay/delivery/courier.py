"""Lease, send, settle: items of the outbox, with no transaction open while one is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from config import logs
from config.settings import DeliverySettings
from relay import meters
from relay.delivery.outcome import Deferred, Delivered, Letter, Outcome, Transport
from relay.delivery.owners import dead
from relay.delivery.scales import Scales
from relay.delivery.signing import Signing
from relay.masking.addresses import Plan, Return
from relay.notices import House, Pen
from relay.threads.parties import parties
from relay.threads.reminders import undeliverable
from relay.threads.unreachable import came_back, in_reply
from storage import leases, outbox, threads
from storage.database import Database
from storage.mint import Mint
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.mail import OutboxItem, Outgoing, OutgoingKind, OutgoingState, Settled

log = logs.get(__name__)

LEASE = timedelta(seconds=30)  # renewed while the process lives
RENEWED_EVERY = 8.0  # seconds
CARRIED = 64 * 1024  # bytes of content that a leased item has with it while it waits
LARGE_TOGETHER = 24 * 2**20  # bytes of content above that, under way at a time; each needs copies


def backoff(attempts: int, delivery: DeliverySettings, jitter: float) -> timedelta:
    """How long to wait after so many attempts: doubling, up to `retry_max`, spread by a quarter.

    `jitter` lies in [0, 1); it keeps what failed together from coming back together.
    """
    doublings: int = 2 ** min(attempts - 1, 30)
    wait = min(delivery.retry_after * doublings, delivery.retry_max)
    return wait * (0.875 + jitter / 4)


def waited(attempts: int, delivery: DeliverySettings) -> timedelta:
    """The time that so many attempts span, by the schedule: clocks that jump end nothing early."""
    return sum((backoff(n, delivery, 0.5) for n in range(1, attempts)), timedelta())


def settle(
    item: OutboxItem,
    outcome: Outcome,
    delivery: DeliverySettings,
    keep_content: bool,
    now: datetime,
    jitter: float,
) -> Settled:
    """What becomes of the item: sent, failed for good, or queued for a later try."""
    done = partial(Settled, item.outgoing.id, at=now)
    if isinstance(outcome, Delivered):
        return done(OutgoingState.SENT, keep_content=keep_content)
    if isinstance(outcome, Deferred) and waited(item.attempts, delivery) < delivery.give_up_after:
        later = now + backoff(item.attempts, delivery, jitter)
        return done(OutgoingState.QUEUED, next_try=later)
    return done(OutgoingState.FAILED)


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers. `owner` names this process in leases; `jitter` gives numbers in [0, 1)."""

    database: Database
    transport: Transport
    signer: Signing | None
    house: House
    delivery: DeliverySettings
    keep_bodies: timedelta
    mint: Mint
    clock: Callable[[], datetime]
    jitter: Callable[[], float]
    owner: str
    scales: Scales = field(default_factory=lambda: Scales(LARGE_TOGETHER))

    def lease(self, ids: Sequence[str]) -> tuple[OutboxItem, ...]:
        """Those of these items that are due and nobody else is at, now this process's to send."""
        now = self.clock()
        with self.database.write(durable=False) as connection:
            return leases.lease_all(connection, ids, self.owner, now, now + LEASE, CARRIED)

    def attempt(self, leased: OutboxItem) -> Changes:
        """One attempt at a leased item; what became of it, for the caller to store."""
        began = time.monotonic()
        outcome = self._send(leased)
        item, now = leased, self.clock()
        keep = self.keep_bodies > timedelta()
        settled = settle(item, outcome, self.delivery, keep, now, self.jitter())
        meters.attempted(settled.state, time.monotonic() - began)
        log.info(
            "attempted",
            item=item.outgoing.id,
            kind=item.outgoing.kind,
            state=settled.state,
            attempt=item.attempts,
            bytes=item.size,
        )
        return Changes(settled=(settled,)) + self._aftermath(item, outcome, settled, now)

    def put_off(self, item: OutboxItem) -> Changes:
        """After an attempt that failed for reasons of ours: the item is due again later."""
        now = self.clock()
        later = now + backoff(item.attempts, self.delivery, self.jitter())
        put_off = Settled(item.outgoing.id, OutgoingState.QUEUED, now, next_try=later)
        return Changes(settled=(put_off,))

    def give_back(self, ids: Sequence[str]) -> None:
        """Those of these items that this process has leased are due again."""
        with self.database.write() as connection:
            leases.release(connection, self.owner, self.clock(), ids)

    def renew(self) -> None:
        """Keep what is in hand from being taken for lost."""
        with self.database.write(durable=False) as connection:
            leases.renew(connection, self.owner, self.clock() + LEASE)

    def take_over(self) -> None:
        """At the start: what processes that have died on this host had in hand is sent again."""
        with self.database.write() as connection:
            for owner in leases.owners(connection):
                if dead(owner, self.owner):
                    leases.release(connection, owner, self.clock())

    def release(self) -> None:
        """On the way out: what was leased and not settled may be sent by others at once."""
        with self.database.write() as connection:
            leases.release(connection, self.owner, self.clock())

    def _send(self, leased: OutboxItem) -> Outcome:
        """A large content is read when its turn has come: those that wait need no memory."""
        try:
            with self.scales.holding(leased.size if leased.size > CARRIED else 0):
                return self.transport.send(self._letter(self._whole(leased).outgoing))
        except Exception:
            log.exception("failed to send", item=leased.outgoing.id)
            return Deferred("451 4.3.0 failed on our side")

    def _whole(self, leased: OutboxItem) -> OutboxItem:
        if leased.size <= CARRIED:
            return leased
        with self.database.read() as connection:
            return outbox.item(connection, leased.outgoing.id) or leased

    def _letter(self, outgoing: Outgoing) -> Letter:
        content = self.signer.sign(outgoing.content) if self.signer else outgoing.content
        sender = _return_path(outgoing, self.house.plan)
        return Letter(sender, outgoing.recipient, content, outgoing.smtputf8)

    def _aftermath(
        self, item: OutboxItem, outcome: Outcome, settled: Settled, now: datetime
    ) -> Changes:
        """The event for the report, and what follows when it has failed."""
        outgoing = item.outgoing
        if settled.state is OutgoingState.QUEUED:
            return Changes()
        sent = settled.state is OutgoingState.SENT
        kind = EventKind.DELIVERED if sent else EventKind.FAILED
        detail = {"kind": outgoing.kind.value, "attempts": str(item.attempts)}
        happened = Event(
            self.mint.id(now), now, kind, outgoing.thread_id, outgoing.ambassador_id, detail
        )
        noted = Changes(events=(happened,))
        return noted if sent else noted + self._failed(item, outcome, now)

    def _failed(self, item: OutboxItem, outcome: Outcome, now: datetime) -> Changes:
        """Whoever wrote it is told, and an address that takes no mail is counted or suspended."""
        thread_id, to = item.outgoing.thread_id, item.outgoing.to
        if thread_id is None or to is None:
            return Changes()
        with self.database.read() as connection:
            thread = threads.thread(connection, thread_id)
            everybody = parties(connection, thread) if thread else None
        if thread is None or everybody is None:
            return Changes()
        pen = Pen(self.house, now, self.mint)
        counted = came_back(item, in_reply(outcome.reply), thread, everybody, pen)
        if item.outgoing.kind is not OutgoingKind.RELAYED:
            return counted
        gave_up = item.attempts > 1
        return counted + Changes(outgoing=undeliverable(to, gave_up, thread, everybody, pen))


def _return_path(outgoing: Outgoing, plan: Plan) -> str:
    return plan.write(Return(outgoing.return_token)) if outgoing.return_token else ""
