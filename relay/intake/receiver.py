"""The way in: may this address be written to, and what becomes of this message?

Everything here runs in a worker thread; the SMTP server waits for it before it answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from config import logs
from config.settings import EmployerWarning, Settings
from relay.intake import admission, circles, firsts, reading, replies, service, several
from relay.intake.arrival import Arrival
from relay.intake.bounces import Returned
from relay.intake.conversation import converse
from relay.intake.decide import Decision
from relay.intake.employer import seems_employer
from relay.intake.facts import Facts
from relay.intake.limits import WINDOW
from relay.intake.orders import found
from relay.intake.replies import Reply
from relay.masking.addresses import Desk, Destination, Postmaster, Public, Return
from relay.notices import House, Pen
from relay.threads.parties import parties
from screening.authentication import Authentication, authenticate
from screening.dns import Lookup
from screening.message import Envelope, Message, Unreadable, read
from screening.scanners.scan import scan
from storage import rates
from storage.database import Connection, Database
from storage.failures import Conflict
from storage.mint import Mint
from storage.records.changes import Changes
from storage.writer import Writer

log = logs.get(__name__)

ATTEMPTS = 8  # at deciding again, when something changed between reading and writing


@dataclass(frozen=True, slots=True)
class Receiver:
    """Takes messages. `wake` is told the ids of what is to be sent, after the commit; `ease` waits
    a moment while more is to be sent than can be."""

    database: Database
    writer: Writer
    settings: Settings
    house: House
    lookup: Lookup
    mint: Mint
    clock: Callable[[], datetime]
    trace: str
    wake: Callable[[tuple[str, ...]], None]
    ease: Callable[[], None]

    def admit(self, address: str) -> Destination | Reply:
        """What a forward path leads to, or why it is refused at RCPT."""
        plan = self.house.plan
        if not plan.ours(address):
            return replies.NOT_A_RELAY
        destination = plan.read(address)
        if destination is None:
            return replies.NO_SUCH_ADDRESS
        if isinstance(destination, Postmaster):
            known = self.settings.relay.postmaster is not None
            return destination if known else replies.NO_SUCH_ADDRESS
        with self.database.read() as connection:
            return admission.existing(connection, destination)

    def guesses_of(self, client: str) -> int:
        """How many unknown recipients this client has named lately, to any of our processes."""
        since = self.clock() - timedelta(seconds=WINDOW)
        with self.database.read() as connection:
            return rates.count(connection, _guesses(client), since)

    def guessed(self, client: str) -> int:
        """Counts one more, and says how many they are. It is not waited for: a hint, no promise."""
        before = self.guesses_of(client)
        self.writer.commit(Changes(hits=(_guesses(client),)), self.clock())
        return before + 1

    def receive(
        self, envelope: Envelope, destinations: tuple[Destination, ...], raw: bytes
    ) -> Reply:
        """The answer to DATA. 250 means that all that follows from the message is on disk."""
        self.ease()
        try:
            message = read(raw)
        except Unreadable as why:
            return replies.unreadable(str(why))
        if any(self.trace in value.split() for value in message.all("Peerpost-Trace")):
            return replies.LOOP
        proof = authenticate(
            envelope,
            raw,
            message.author.address,
            self.lookup,
            self.settings.screening.trusted_networks,
            sealers=self.settings.screening.arc_sealers,
        )
        digest = hashlib.sha256(raw).digest()
        orders, from_work = found(message), self._from_work(destinations, message, proof)
        scanned = scan(self.settings.screening, envelope, raw)
        arrival = Arrival(
            envelope, raw, digest, message, proof, self.clock(), orders, from_work, scanned
        )
        answers = [self._one(destination, arrival) for destination in destinations]
        self._tell_refused(arrival, answers)
        return several.summed(answers)

    def _from_work(
        self, destinations: tuple[Destination, ...], message: Message, proof: Authentication
    ) -> bool:
        """Whether the author should be warned that an employer may read along."""
        if self.settings.privacy.employer_warning is EmployerWarning.OFF:
            return False
        if not any(isinstance(one, Public) for one in destinations):
            return False
        return seems_employer(message.author, proof, self.lookup)

    def _one(self, destination: Destination, arrival: Arrival) -> Reply:
        for _ in range(ATTEMPTS):
            with self.database.read() as connection:
                decision = self._decide(connection, destination, arrival)
            try:
                self._commit(decision.changes, arrival.at)
            except Conflict:
                continue
            _record(decision, arrival)
            return decision.reply
        return replies.TRY_LATER

    def _decide(
        self, connection: Connection, destination: Destination, arrival: Arrival
    ) -> Decision:
        plan = self.house.plan
        known = reading.read(connection, destination, arrival, plan, self.settings)
        known = circles.widen(connection, known, destination, arrival, self.settings)
        policy = self.settings.screening.policy
        known = firsts.with_first(connection, known, destination, arrival, policy)
        pen = Pen(self.house, arrival.at, self.mint)
        if isinstance(destination, Return) and not arrival.envelope.sender:
            report = service.reported(_returned(connection, known), arrival, pen)
            if report.reply != replies.NOT_A_REPORT:
                return report
        if isinstance(destination, Desk):
            return service.at_the_desk(destination, arrival, known, self.settings, pen)
        postmaster = self.settings.relay.postmaster
        if isinstance(destination, Postmaster) and postmaster is not None:
            return service.for_the_postmaster(postmaster, arrival, known, self.settings, pen)
        return converse(destination, arrival, known, self.settings, pen, self.trace)

    def _commit(self, changes: Changes, now: datetime) -> None:
        if changes != Changes():
            self.wake(self.writer.commit(changes, now).result())

    def _tell_refused(self, arrival: Arrival, answers: list[Reply]) -> None:
        reply = several.untold(arrival, answers)
        if reply is None:
            return
        with self.database.read() as connection:
            key = reading.author_key(connection, arrival.message.author.address)
        pen = Pen(self.house, arrival.at, self.mint)
        try:
            self._commit(several.told(arrival, reply, key, pen), arrival.at)
        except Conflict:
            log.info("the author was told already today")


def _guesses(client: str) -> str:
    """Names the counter of a client's unknown recipients."""
    return f"guess:{client}"


def _returned(connection: Connection, known: Facts) -> Returned | None:
    if known.returned is None or known.thread is None:
        return None
    everybody = parties(connection, known.thread)
    return Returned(known.returned, known.thread, everybody) if everybody else None


def _record(decision: Decision, arrival: Arrival) -> None:
    for outgoing in decision.changes.outgoing:
        log.info("taken", item=outgoing.id, thread=outgoing.thread_id, state=outgoing.state)
    if not decision.reply.accepted:
        log.info("refused", reply=str(decision.reply), bytes=len(arrival.raw))
