"""The way in: may this address be written to, and what becomes of this message?

Everything here runs in a worker thread; the SMTP server waits for it before it answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from config import logs
from config.settings import Settings
from relay.intake import reading, replies, service
from relay.intake.arrival import Arrival
from relay.intake.asker import Asker
from relay.intake.bounces import Returned
from relay.intake.conversation import converse
from relay.intake.decide import Decision
from relay.intake.facts import NOTICE_LIFETIME, Facts, notice_key
from relay.intake.replies import Reply
from relay.masking.addresses import Desk, Destination, Guest, Peer, Postmaster, Public, Return
from relay.notices import House, Notice, Pen, Recipient, write
from relay.threads.parties import parties
from screening.authentication import authenticate
from screening.dns import Lookup
from screening.message import Envelope, Unreadable, read
from storage import outbox, people, threads
from storage.database import Connection, Database
from storage.failures import Conflict
from storage.mint import Mint
from storage.records import Ambassador, AmbassadorState, Changes, Claim
from storage.writer import Writer

log = logs.get(__name__)

ATTEMPTS = 8  # at deciding again, when something changed between reading and writing


@dataclass(frozen=True, slots=True)
class Receiver:
    """Takes messages. `wake` is told the ids of what is to be sent, after the commit."""

    database: Database
    writer: Writer
    settings: Settings
    house: House
    lookup: Lookup
    mint: Mint
    clock: Callable[[], datetime]
    trace: str
    wake: Callable[[tuple[str, ...]], None]

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
            return _existing(connection, destination)

    def receive(
        self, envelope: Envelope, destinations: tuple[Destination, ...], raw: bytes
    ) -> Reply:
        """The answer to DATA. 250 means that all that follows from the message is on disk."""
        try:
            message = read(raw)
        except Unreadable as why:
            return replies.unreadable(str(why))
        if self.trace in message.header("Peerpost-Trace").split():
            return replies.LOOP
        proof = authenticate(
            envelope,
            raw,
            message.author.address,
            self.lookup,
            self.settings.screening.trusted_networks,
        )
        digest = hashlib.sha256(raw).digest()
        arrival = Arrival(envelope, raw, digest, message, proof, self.clock())
        answers = [self._one(destination, arrival) for destination in destinations]
        return self._sum(arrival, answers)

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
        known = reading.read(connection, destination, arrival, self.house.plan)
        pen = Pen(self.house, arrival.at, self.mint)
        if isinstance(destination, Return) and not arrival.envelope.sender:
            return service.reported(_returned(connection, known), arrival, pen)
        if isinstance(destination, Desk):
            asker = _asker(connection, known, arrival)
            return service.at_the_desk(asker, arrival, known, self.settings, pen)
        postmaster = self.settings.relay.postmaster
        if isinstance(destination, Postmaster) and postmaster is not None:
            return service.for_the_postmaster(postmaster, arrival, known, self.settings, pen)
        return converse(destination, arrival, known, self.settings, pen, self.trace)

    def _commit(self, changes: Changes, now: datetime) -> None:
        if changes != Changes():
            self.wake(self.writer.commit(changes, now).result())

    def _sum(self, arrival: Arrival, answers: list[Reply]) -> Reply:
        """One answer for all recipients: later for all if for one, else yes if to one of them."""
        for reply in answers:
            if reply.temporary:
                return reply
        refused = [reply for reply in answers if not reply.accepted]
        if len(refused) == len(answers):
            return refused[0]
        worth_telling = [reply for reply in refused if reply != replies.OWN_ADDRESS]
        if worth_telling and arrival.authentication.authenticated:
            self._tell_refused(arrival, worth_telling[0])
        return replies.ACCEPTED

    def _tell_refused(self, arrival: Arrival, reply: Reply) -> None:
        author, now = arrival.message.author.address, arrival.at
        pen = Pen(self.house, now, self.mint)
        with self.database.read() as connection:
            key = notice_key("refused_here", reading.author_key(connection, author), now)
        notice = write(pen, Notice("refused_here", {"reason": reply.text}), Recipient(author))
        once = Claim(key, now + NOTICE_LIFETIME)
        try:
            self._commit(Changes(outgoing=(notice,), claims=(once,)), now)
        except Conflict:
            log.info("the author was told already today")


def _existing(connection: Connection, destination: Destination) -> Destination | Reply:
    match destination:
        case Public(name):
            named = people.ambassador_by_name(connection, name)
            if named is not None and named.state is AmbassadorState.REMOVED:
                return replies.GONE
            found = named is not None or bool(people.ambassadors_by_topic(connection, name))
        case Peer(name, token):
            found = _named(connection, name, token)
        case Guest(token):
            found = threads.by_guest_token(connection, token) is not None
        case Return(token):
            found = outbox.by_return_token(connection, token) is not None
        case _:
            found = True
    return destination if found else replies.NO_SUCH_ADDRESS


def _named(connection: Connection, name: str, token: str) -> bool:
    thread = threads.by_peer_token(connection, token)
    if thread is None:
        return False
    ambassador: Ambassador | None = people.ambassador(connection, thread.ambassador_id)
    return ambassador is not None and ambassador.name == name


def _returned(connection: Connection, known: Facts) -> Returned | None:
    if known.returned is None or known.thread is None:
        return None
    everybody = parties(connection, known.thread)
    return Returned(known.returned, known.thread, everybody) if everybody else None


def _asker(connection: Connection, known: Facts, arrival: Arrival) -> Asker:
    candidate = people.candidate_by_address(connection, arrival.message.author.address)
    mine = threads.of_candidate(connection, candidate.id) if candidate else ()
    if known.author is not None:
        mine = (*mine, *threads.of_ambassador(connection, known.author.id))
    return Asker(arrival.message.author.address, candidate, known.author, mine)


def _record(decision: Decision, arrival: Arrival) -> None:
    for outgoing in decision.changes.outgoing:
        log.info("taken", item=outgoing.id, thread=outgoing.thread_id, state=outgoing.state)
    if not decision.reply.accepted:
        log.info("refused", reply=str(decision.reply), bytes=len(arrival.raw))
