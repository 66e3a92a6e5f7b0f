"""aiosmtpd's hooks, and nothing but their translation: commands to the receiver, replies back."""

from __future__ import annotations

import asyncio
import ssl
import time
from concurrent.futures import Executor
from typing import Any

from aiosmtpd.smtp import Envelope as SmtpEnvelope
from aiosmtpd.smtp import Session

from config import logs
from config.settings import RelaySettings
from relay.intake import replies
from relay.intake.limits import MOST_GUESSES_IN_SESSION, Connections, Guesses, client_of
from relay.intake.receiver import Receiver
from relay.intake.replies import Reply
from relay.intake.session import SmtpSession
from relay.masking.addresses import Destination
from screening.message import Envelope

log = logs.get(__name__)

MOST_RECIPIENTS = 100


class Handler:
    """One for all sessions. What takes time is done by the workers, so that others are served."""

    def __init__(self, receiver: Receiver, workers: Executor) -> None:
        self.receiver, self.workers = receiver, workers
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
        client, now = client_of(server.client), time.monotonic()
        if self.guesses.too_many(client, now):
            return self._another_guess(server)
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self.workers, self.receiver.admit, address)
        if isinstance(found, Reply):
            if found == replies.NO_SUCH_ADDRESS:
                self.guesses.add(client, now)
            return str(found)
        known[address.lower()] = found
        envelope.rcpt_tos.append(address)
        return str(replies.RECIPIENT_OK)

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
        destinations = tuple(dict.fromkeys(_taken(envelope).values()))
        sender = "" if envelope.mail_from == "<>" else str(envelope.mail_from)
        arrived = Envelope(
            sender,
            tuple(envelope.rcpt_tos),
            str(session.host_name or ""),
            server.client,
            bool(envelope.smtp_utf8),
        )
        if self.ending:
            return str(replies.CLOSING)
        loop = asyncio.get_running_loop()
        content = envelope.content
        assert isinstance(content, bytes)
        answer = loop.run_in_executor(
            self.workers, self.receiver.receive, arrived, destinations, content
        )
        self.in_hand.add(answer)
        answer.add_done_callback(self.in_hand.discard)
        # Shielded: a client that hangs up must not leave the message half decided.
        return str(await asyncio.shield(answer))

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


async def listen(
    relay: RelaySettings, handler: Handler, connections: Connections
) -> asyncio.Server:
    """The listening server; it takes connections at once. Raises OSError if the port is taken."""
    loop = asyncio.get_running_loop()
    context = _tls(relay)

    def session() -> SmtpSession:
        return SmtpSession(
            handler,
            connections,
            relay.proxy_from,
            hostname=relay.domain,
            ident="ESMTP",
            data_size_limit=relay.max_size,
            enable_SMTPUTF8=True,
            tls_context=context,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=loop,
        )

    return await loop.create_server(
        session, relay.listen.host, relay.listen.port, reuse_port=True, backlog=512
    )


def _tls(relay: RelaySettings) -> ssl.SSLContext | None:
    if relay.tls_cert is None or relay.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(relay.tls_cert, relay.tls_key)
    return context
