"""The bytes of one SMTP connection: timed writes, and replies of bounded length."""

from __future__ import annotations

import re
import select
import socket
import ssl
import time
from dataclasses import dataclass

_CHUNK = 256 * 1024  # bytes written at a time, so that progress can be seen
_MOST = 64 * 1024  # bytes of one reply; RFC 5321 section 4.5.3.1.5 has 512 to the line
_REPLY_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
_PRINTABLE = bytes(code if 32 <= code < 127 else ord("?") for code in range(256))


class Broken(Exception):
    """The connection is of no more use. The text is the host's last reply, or our words for why."""


class Unencrypted(Broken):
    """The TLS handshake failed."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for the other side.

    RFC 5321 section 4.5.3.2 allows up to ten minutes; a relay that others wait for is quicker to
    give up, since it tries again.
    """

    connect: float = 10
    reply: float = 60
    content: float = 600  # for the whole of it, and a tenth of that without any progress
    final: float = 120  # after the final dot; giving up here risks a second copy
    early: float = 2  # for what the host may have said before it stopped reading


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply (RFC 5321 section 4.2), what is not printable ASCII in it as question marks."""

    code: int
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.code} {' '.join(self.lines)}"[:1000]

    @property
    def positive(self) -> bool:
        return self.code // 100 == 2


class Wire:
    """Not thread-safe; made of a connected socket, or OSError.

    Everything but `close` raises Broken, after which only `close` is of use.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._buffer = b""
        self.encrypted = False
        self.local = str(sock.getsockname()[0])  # IP addresses of the two ends
        self.remote = str(sock.getpeername()[0])
        # A large message goes out in several writes; none of them may wait for an acknowledgement.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def silent(self) -> bool:
        """Nothing has come since the last reply, not even the end. True of a connection at rest."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return not self._buffer and not poll.poll(0)

    def write(self, data: bytes, seconds: float, stall: float | None = None) -> None:
        """All of it within `seconds`, and never `stall` seconds without progress."""
        deadline = time.monotonic() + seconds
        view = memoryview(data)
        try:
            while view:
                left = deadline - time.monotonic()
                self._socket.settimeout(max(0.001, left if stall is None else min(left, stall)))
                view = view[self._socket.send(view[:_CHUNK]) :]
        except OSError as error:
            raise _broken(error) from error

    def reply(self, seconds: float) -> Reply:
        """The next reply, whole within `seconds`. Broken if it is none, or longer than any is."""
        deadline = time.monotonic() + seconds
        code, lines, size = b"", [], 0
        while True:
            line = self._line(deadline, _MOST - size)
            size += len(line) + 1
            found = _REPLY_LINE.fullmatch(line)
            if not found or (code and found[1] != code):
                raise Broken("4.5.0 the next host answered something that is no SMTP reply")
            code = found[1]
            lines.append((found[3] or b"").translate(_PRINTABLE).decode("ascii"))
            if found[2] != b"-":
                return Reply(int(code), tuple(lines))

    def ask(self, command: bytes, seconds: float) -> Reply:
        """The reply to this command."""
        self.write(command + b"\r\n", seconds)
        return self.reply(seconds)

    def encrypt(self, context: ssl.SSLContext, name: str, seconds: float) -> None:
        """Begin TLS; a certificate that is checked must be for `name`. Raises Unencrypted."""
        if self._buffer:
            # RFC 3207 section 5: what came before TLS could be anybody's.
            raise Broken("4.7.0 the next host spoke between STARTTLS and TLS")
        self._socket.settimeout(seconds)
        try:
            self._socket = context.wrap_socket(self._socket, server_hostname=name)
        except (OSError, ValueError) as error:  # ValueError: a name that no certificate can have
            raise Unencrypted(f"4.7.5 TLS with the next host failed: {_reason(error)}") from error
        self.encrypted = True

    def close(self) -> None:
        self._socket.close()

    def _line(self, deadline: float, most: int) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > most:
                break
            self._receive(deadline)
        if not 0 <= end <= most:
            raise Broken("4.5.0 the next host's reply does not end")
        line, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
        return line.removesuffix(b"\r")

    def _receive(self, deadline: float) -> None:
        try:
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            data = self._socket.recv(_MOST)
        except OSError as error:
            raise _broken(error) from error
        if not data:
            raise Broken("4.4.2 the next host closed the connection")
        self._buffer += data


def _broken(error: OSError) -> Broken:
    if isinstance(error, TimeoutError):
        return Broken("4.4.2 the next host did not answer in time")
    return Broken(f"4.4.2 the connection to the next host broke: {_reason(error)}")


def _reason(error: Exception) -> str:
    text = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or str(error)
    return str(text)[:200]
