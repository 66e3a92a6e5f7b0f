"""aiosmtpd's protocol with what it lacks: limits, strict paths, time-outs, DATA in large pieces."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from ipaddress import ip_address
from typing import Any

from aiosmtpd.smtp import SMTP

from config.values import Network
from relay.intake import replies
from relay.intake.limits import Connections, client_of
from relay.intake.paths import path_of

COMMAND_TIMEOUT = 300.0  # seconds for the next command (RFC 5321 section 4.5.3.2.7)
DATA_TIMEOUT = 180.0  # for the next piece of content; 4.5.3.2.5 asks for as much
PROXY_TIMEOUT = 5.0
BUFFER = 2**16
LONGEST_LINE = 2048  # of a command; longer ones are answered 500
END = b"\r\n.\r\n"


class SmtpSession(SMTP):
    """One connection. `client` is who is really there, behind a proxy that is believed."""

    # Optional in the library, though all are there as long as a session lasts.
    session: Any
    envelope: Any
    transport: Any
    _reader: Any
    _set_post_data_state: Any

    line_length_limit = BUFFER
    command_size_limit = LONGEST_LINE

    def __init__(
        self, handler: Any, connections: Connections, proxies: tuple[Network, ...], **options: Any
    ) -> None:
        self.command_size_limits = defaultdict(lambda: LONGEST_LINE)
        super().__init__(handler, timeout=COMMAND_TIMEOUT, **options)
        self.connections, self.proxies = connections, proxies
        self.guesses = 0

    @property
    def client(self) -> str:
        """The IP address of the SMTP client, as text."""
        claimed = self.session.proxy_data
        if claimed and claimed.src_addr:
            return str(claimed.src_addr)
        return str(self.session.peer[0])

    async def _handle_client(self) -> None:
        peer = str(self.session.peer[0])
        behind_proxy = any(ip_address(peer) in network for network in self.proxies)
        self._proxy_timeout = PROXY_TIMEOUT if behind_proxy else None
        # Behind a proxy every client has the same address here: only the total counts then.
        client = "" if behind_proxy else client_of(peer)
        if not self.connections.enter(client):
            await self.push(str(replies.TOO_MANY_CONNECTIONS))
            self.transport.close()
            return
        try:
            await super()._handle_client()
        finally:
            self.connections.leave(client)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """In place of the standard library's address parser, which recurses on hostile input."""
        return path_of(arg)

    async def smtp_DATA(self, arg: str | None) -> None:
        """As aiosmtpd does it, but in large pieces, and each piece renews the time-out."""
        if await self.check_helo_needed():
            return
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 first name a recipient with RCPT TO")
            return
        if arg:
            await self.push("501 5.5.4 DATA takes no argument")
            return
        await self.push("354 end the message with a line that holds only a dot")
        # The end may follow at once: a line end before the content makes it look like any other.
        self._reader._buffer[:0] = b"\r\n"
        content = await self._content()
        if content is None:
            self._set_post_data_state()
            await self.push(str(replies.TOO_LARGE))
            return
        self.envelope.content = content
        self._reset_timeout()
        status = await self._call_handler_hook("DATA")
        self._set_post_data_state()
        await self.push(status)

    async def _content(self) -> bytes | None:
        """Up to CRLF.CRLF and nothing laxer, with the dots unstuffed; None if it is too large."""
        pieces: list[bytes] = []
        size, limit = 0, self.data_size_limit or 0
        ended = False
        while not ended:
            self._reset_timeout(DATA_TIMEOUT)
            try:
                piece = await self._reader.readuntil(END)
                ended = True
            except asyncio.LimitOverrunError as overrun:
                piece = await self._reader.read(max(overrun.consumed, 1))
            size += len(piece)
            if size <= limit + len(END) + 2:
                pieces.append(piece)
            else:
                pieces.clear()
        if size > limit + len(END) + 2:
            return None
        whole = b"".join(pieces)[: -len(END) + 2]
        return whole.replace(b"\r\n.", b"\r\n")[2:]
