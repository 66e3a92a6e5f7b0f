"""aiosmtpd's protocol with what it lacks: limits, strict paths, time-outs, DATA in large pieces."""

from __future__ import annotations

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from config.values import Network
from relay.intake import replies
from relay.intake.lean import LeanSMTP
from relay.intake.limits import Connections, Room, Seat, client_of
from relay.intake.paths import path_of
from relay.intake.replies import Reply

COMMAND_TIMEOUT = 300.0  # seconds for the next command (RFC 5321 section 4.5.3.2.7)
DATA_TIMEOUT = 180.0  # for the next piece of content; 4.5.3.2.5 asks for as much
SLOWEST = 1200.0  # for all of the content; 4.5.3.2.6 asks for 600 at least
PROXY_TIMEOUT = 5.0
BUFFER = 2**16
LONGEST_LINE = 2048  # of a command; longer ones are answered 500
SMALL = 2**18  # bytes of content for which there is always room
END = b"\r\n.\r\n"

_NAME = re.compile(r"[A-Za-z0-9._:\[\]-]{1,255}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class SmtpSession(LeanSMTP):
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
        self,
        handler: Any,
        connections: Connections,
        room: Room,
        proxies: tuple[Network, ...],
        **options: Any,
    ) -> None:
        self.command_size_limits = defaultdict(lambda: LONGEST_LINE)
        super().__init__(handler, timeout=COMMAND_TIMEOUT, **options)
        self.connections, self.room, self.proxies = connections, room, proxies
        self.seat: Seat | None = None
        self.proxied = ""  # STARTTLS begins a new session, and the proxy says it once
        self.guesses = 0
        self.received = self.held = 0  # bytes of the content at hand, and what of it counts as room

    @property
    def client(self) -> str:
        """The IP address of the SMTP client, as text."""
        claimed = self.session.proxy_data
        if not self.proxied and claimed and claimed.src_addr:
            self.proxied = str(claimed.src_addr)
        return self.proxied or str(self.session.peer[0])

    def _cb_client_connected(self, reader: Any, writer: asyncio.StreamWriter) -> None:
        super()._cb_client_connected(reader, writer)
        self._until = reader.readuntil
        # A lone LF ends no line (RFC 5321 section 2.3.8); the library takes it for an end.
        reader.readuntil = lambda: self._until(b"\r\n")

    async def _handle_client(self) -> None:
        peer = str(self.session.peer[0])
        behind_proxy = any(ip_address(peer) in network for network in self.proxies)
        self._proxy_timeout = PROXY_TIMEOUT if behind_proxy else None
        # Behind a proxy every client has the same address here: only the total counts then.
        client = "" if behind_proxy else client_of(peer)
        self.seat = self.connections.enter(client, time.monotonic(), self.dismiss)
        if self.seat is None:
            self.dismiss()
            return
        try:
            await super()._handle_client()
        finally:
            self.connections.leave(self.seat)

    def dismiss(self) -> None:
        """Ends the session, with a word as long as the client takes it."""
        if self.transport is not None:
            self.transport.write(f"{replies.TOO_MANY_CONNECTIONS}\r\n".encode())
            self.transport.close()

    async def push(self, status: Any) -> None:
        """One line of a reply. What it repeats of the client's words cannot break it."""
        text = status.decode("utf-8", "replace") if isinstance(status, bytes) else status
        await super().push(_CONTROLS.sub("?", text))

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """In place of the standard library's address parser, which recurses on hostile input."""
        return path_of(arg)

    def _getparams(self, params: Sequence[str]) -> dict[str, str | bool] | None:
        """As the library does it; but what Python calls digits in other scripts are none."""
        return super()._getparams(params) if all(map(str.isascii, params)) else None

    async def smtp_HELO(self, hostname: str) -> None:
        if await self._named(hostname):
            await super().smtp_HELO(hostname)

    async def smtp_EHLO(self, hostname: str) -> None:
        if await self._named(hostname):
            await super().smtp_EHLO(hostname)

    async def _named(self, hostname: str | None) -> bool:
        """Lenient in what a name may be, for SPF says what it is worth; but it is one word."""
        if hostname and _NAME.fullmatch(hostname):
            return True
        await self.push(str(replies.BAD_NAME))
        return False

    async def smtp_VRFY(self, arg: str | None) -> None:
        """The same for every address, and the address is not repeated."""
        await self.push(str(replies.CANNOT_VERIFY if arg else replies.VERIFY_WHOM))

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
        try:
            content = await self._content()
            if isinstance(content, Reply):
                self._set_post_data_state()
                await self.push(str(content))
            else:
                await self._decided(content)
        finally:
            self.room.give(self.held)
            self.held = 0

    async def _decided(self, content: bytes) -> None:
        assert self.seat is not None
        self.envelope.content = content
        self._reset_timeout()
        self.seat.busy = True
        try:
            status = await self._call_handler_hook("DATA")
        finally:
            self.seat.busy = False
        self.seat.since = time.monotonic()
        self._set_post_data_state()
        await self.push(status)

    async def _content(self) -> bytes | Reply:
        """Up to CRLF.CRLF and nothing laxer, with the dots unstuffed; or why it is not taken."""
        pieces: list[bytes] = []
        size, limit = 0, (self.data_size_limit or 0) + len(END) + 2
        latest = time.monotonic() + SLOWEST
        ended = fits = False
        self.received = 0
        while not ended:
            self._reset_timeout(min(DATA_TIMEOUT, max(latest - time.monotonic(), 0.1)))
            try:
                piece = await self._until(END)
                ended = True
            except asyncio.LimitOverrunError as overrun:
                piece = await self._reader.read(max(overrun.consumed, 1))
            fits = (fits or not size) and size + len(piece) <= limit and self._fits(len(piece))
            size += len(piece)
            if fits:
                pieces.append(piece)
            else:
                pieces.clear()
        if not fits:
            return replies.TOO_LARGE if size > limit else replies.NO_ROOM
        whole = b"".join(pieces)[: -len(END) + 2]
        return whole.replace(b"\r\n.", b"\r\n")[2:]

    def _fits(self, more: int) -> bool:
        """Whether there is room for so much more content; small messages need none."""
        self.received += more
        if self.received <= SMALL:
            return True
        if not self.room.take(more):
            return False
        self.held += more
        return True
