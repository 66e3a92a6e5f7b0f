"""aiosmtpd's protocol, spared what it does anew for each connection, command and reply."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamReaderProtocol
from typing import Any, Self

from aiosmtpd.smtp import SMTP

PILED_UP = 2**16  # bytes of replies that a client may leave unread before it is waited for


class LeanSMTP(SMTP):
    """Its subclasses may keep only immutable values of their own from before the connection."""

    _timeout_handle: asyncio.TimerHandle | None
    _timeout_cb: Any
    _ends_at = 0.0  # when the client has waited too long, on the loop's clock

    def another(self) -> Self:
        """A session like this one, which has not begun and never will.

        The library looks through the members of two classes for hooks each time, which takes
        longer than a short conversation; they are the same for all.
        """
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        reader = StreamReader(loop=self.loop, limit=self.line_length_limit)
        StreamReaderProtocol.__init__(other, reader, other._cb_client_connected, self.loop)
        other._smtp_methods = {name: getattr(other, f"smtp_{name}") for name in self._smtp_methods}
        return other

    def _reset_timeout(self, duration: float | None = None) -> None:
        """One timer for many commands: it looks, when it comes, whether there was another."""
        self._ends_at = self.loop.time() + (duration or self._timeout_duration)
        timer = self._timeout_handle
        if timer is None or timer.cancelled() or timer.when() > self._ends_at:
            self._set_timer()

    def _set_timer(self) -> None:
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_at(self._ends_at, self._look)

    def _look(self) -> None:
        if self.loop.time() < self._ends_at:
            self._set_timer()
        else:
            self._timeout_cb()

    async def push(self, status: Any) -> None:
        """One line of a reply; waits for the client only if it reads nothing for long."""
        line = status if isinstance(status, bytes) else status.encode()
        writer: asyncio.StreamWriter = self._writer
        writer.write(line + b"\r\n")
        if writer.transport.is_closing() or writer.transport.get_write_buffer_size() > PILED_UP:
            await writer.drain()
