"""aiosmtpd's hooks, and nothing but their translation: commands to the receiver, replies back."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Executor
from typing import Any

from aiosmtpd.smtp import Envelope as SmtpEnvelope
from aiosmtpd.smtp import Session

from config import logs
from relay import meters
from relay.intake import replies
from relay.intake.limits import (
    FREE_GUESSES,
    MOST_GUESSES,
    MOST_GUESSES_IN_SESSION,
    SLOWED_BY,
    Guesses,
    client_of,
)
from relay.intake.receiver import Receiver
from relay.intake.replies import Reply
from relay.intake.session import SmtpSession
from relay.intake.turns import Turns
from relay.masking.addresses import Destination, Public
from screening.message import Envelope

log = logs.get(__name__)

MOST_RECIPIENTS = 100
PATIENCE = 20.0  # seconds for which a message waits for its turn; then its client tries again
HANDED_OUT = 4 * 25 * 2**20  # bytes, times recipients, of what one message may ask of us


class Handler:
    """One for all sessions. What takes time is done by others, so that everybody is served.

    `workers` decide on messages, and may wait for DNS; `clerks` look addresses up, at once.
    """

    def __init__(self, receiver: Receiver, workers: Executor, clerks: Executor) -> None:
        self.receiver, self.workers, self.clerks = receiver, workers, clerks
        self.turns = Turns()
        self.guesses = Guesses()
        self.in_hand: set[asyncio.Future[Reply]] = set()
        self.ending = False

    async def handle_PROXY(self, server: Any, session: Session, envelope: Any, data: Any) -> bool:
        return bool(data.valid)

    async def handle_EHLO(
        self,
        server: SmtpSession,
        session: Session,
        envelope: SmtpEnvelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        # The library lets a limit grow with each EHLO, in all sessions at once.
        server.command_size_limits.clear()
        *offered, last = [line for line in responses if not line.startswith("250-AUTH")]
        return [*offered, "250-PIPELINING", "250-ENHANCEDSTATUSCODES", last]

    async def handle_MAIL(
        self,
        server: SmtpSession,
        session: Session,
        envelope: SmtpEnvelope,
        address: str,
        options: list[str],
    ) -> str:
        if address != "<>" and self.receiver.house.plan.ours(address):
            return str(replies.OUR_OWN_SENDER)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return str(replies.SENDER_OK)

    async def handle_RCPT(
        self,
        server: SmtpSession,
        session: Session,
        envelope: SmtpEnvelope,
        address: str,
        options: list[str],
    ) -> str:
        if not address.isascii() and not envelope.smtp_utf8:
            return str(replies.SMTPUTF8_MISSING)
        known = _taken(envelope)
        if address.lower() in known:
            return str(replies.RECIPIENT_OK)
        if len(known) >= MOST_RECIPIENTS:
            return str(replies.TOO_MANY_RECIPIENTS)
        client, loop = client_of(server.client), asyncio.get_running_loop()
        if not self.guesses.knows(client, time.time()):
            before = await loop.run_in_executor(self.clerks, self.receiver.guesses_of, client)
            self.guesses.set(client, before, time.time())
        if self.guesses.count(client, time.time()) >= MOST_GUESSES:
            return self._another_guess(server)
        found = await loop.run_in_executor(self.clerks, self.receiver.admit, address)
        if isinstance(found, Reply):
            if found == replies.NO_SUCH_ADDRESS:
                await self._guessed(client)
            return str(found)
        known[address.lower()] = found
        envelope.rcpt_tos.append(address)
        return str(replies.RECIPIENT_OK)

    async def _guessed(self, client: str) -> None:
        """Counts an unknown recipient, and keeps who names many of them waiting."""
        loop = asyncio.get_running_loop()
        known = self.guesses.count(client, time.time())
        count = await loop.run_in_executor(self.clerks, self.receiver.guessed, client)
        self.guesses.set(client, max(count, known + 1), time.time())
        if count > FREE_GUESSES:
            await asyncio.sleep(SLOWED_BY)

    def _another_guess(self, server: SmtpSession) -> str:
        """Neither yes nor no; who goes on all the same is shown out."""
        server.guesses += 1
        if server.guesses < MOST_GUESSES_IN_SESSION:
            return str(replies.TOO_MANY_UNKNOWN)
        asyncio.get_running_loop().call_soon(server.transport.close)
        return str(replies.GOODBYE)

    async def handle_DATA(
        self, server: SmtpSession, session: Session, envelope: SmtpEnvelope
    ) -> str:
        destinations = _distinct(_taken(envelope))
        sender = "" if envelope.mail_from == "<>" else str(envelope.mail_from)
        arrived = Envelope(
            sender,
            tuple(envelope.rcpt_tos),
            str(session.host_name or ""),
            server.client,
            bool(envelope.smtp_utf8),
        )
        content = envelope.content
        assert isinstance(content, bytes)
        if len(content) * len(destinations) > max(HANDED_OUT, len(content)):
            return str(replies.TOO_MUCH_FOR_SO_MANY)
        try:
            end = await self.turns.take(client_of(server.client), len(content), PATIENCE)
        except TimeoutError:
            return str(replies.TOO_BUSY)
        if self.ending:
            end()
            return str(replies.CLOSING)
        loop = asyncio.get_running_loop()
        began = loop.time()
        answer = loop.run_in_executor(
            self.workers, self.receiver.receive, arrived, destinations, content
        )
        self.in_hand.add(answer)
        answer.add_done_callback(self.in_hand.discard)
        # Until it is decided on, and not only as long as the client is there.
        held, server.held = server.held, 0
        answer.add_done_callback(lambda _: server.room.give(held))
        answer.add_done_callback(lambda _: end())
        # Shielded: a client that hangs up must not leave the message half decided.
        reply = await asyncio.shield(answer)
        meters.answered(reply.code, loop.time() - began)
        return str(reply)

    async def finish(self, seconds: float) -> None:
        """No further message is taken; those being decided on are finished and answered."""
        self.ending = True
        if self.in_hand:
            await asyncio.wait(self.in_hand, timeout=seconds)
        await asyncio.sleep(0)  # the sessions write their replies

    async def handle_VRFY(self, *_: object) -> str:
        return str(replies.CANNOT_VERIFY)

    async def handle_exception(self, error: Exception) -> str:
        """A bug, or a disk or database in trouble: the message stays with its sender."""
        log.exception("failed at a command")
        return str(replies.TRY_LATER)


def _taken(envelope: Any) -> dict[str, Destination]:
    """The destinations that RCPT accepted in this transaction, by address."""
    known: dict[str, Destination] | None
    known = getattr(envelope, "destinations", None)
    if known is None:
        known = envelope.destinations = {}
    return known


def _distinct(taken: dict[str, Destination]) -> tuple[Destination, ...]:
    """One for each person: the source tag only says where an address was found."""
    first: dict[object, Destination] = {}
    for one in taken.values():
        first.setdefault(one.name if isinstance(one, Public) else one, one)
    return tuple(first.values())
