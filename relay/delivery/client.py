"""Mail transactions over one connection to one host (RFC 5321 section 3.3)."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Mapping

from relay.delivery.lines import stuffed
from relay.delivery.outcome import Deferred, Delivered, Letter, Outcome, Refused
from relay.delivery.wire import Broken, Patience, Reply, Wire

# A 5xx that speaks of the session (log in first, TLS first, wrong order), not of the message.
_OF_THE_SESSION = (503, 530)
_JOINED = 64 * 1024  # bytes of content that share one write with the final dot
_MAILBOX = re.compile(
    r'(?:"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"|[^\s<>"\\@\x00-\x1f\x7f]+)@[^\s<>"@\x00-\x1f\x7f]+'
)


class Client:
    """One connection past greeting and EHLO; not thread-safe. `relay.delivery.opening` makes them.

    A message goes in two steps: `offer` its envelope, then, if that answers None, `hand_over` the
    content. When `usable` is false only `close` is left to do.
    """

    def __init__(self, wire: Wire, features: Mapping[str, str], patience: Patience) -> None:
        self._wire = wire
        self._features = features
        self._patience = patience
        self._unfinished = False  # the host remembers an envelope that we dropped
        self.usable = True
        self.opened_at = self.used_at = time.monotonic()

    @property
    def at_rest(self) -> bool:
        """The host has neither hung up nor said anything since the last transaction."""
        return self._wire.silent

    def offer(self, letter: Letter) -> Outcome | None:
        """Name sender and recipient; None means that the host now waits for the content.

        Raises Broken if the connection fails, or the host ends it with 421: then nothing of the
        message was sent, and it may go over another connection at once.
        """
        if refused := self._unfit(letter):
            return refused
        commands = [
            *([b"RSET"] if self._unfinished else []),
            self._mail(letter),
            f"RCPT TO:<{letter.recipient}>".encode(),
            b"DATA",
        ]
        self._unfinished = True
        if "PIPELINING" in self._features:
            self._wire.write(b"\r\n".join(commands) + b"\r\n", self._patience.reply)
            return self._answers(commands)
        for command in commands:
            reply = self._wire.ask(command, self._patience.reply)
            if failure := self._failure(command, reply):
                return failure
        return None

    def hand_over(self, content: bytes) -> Outcome:
        """After `offer` gave None: send canonical content and the final dot. Never raises."""
        try:
            self._write_content(content)
        except Broken as broken:
            self.usable = False
            return self._early_answer() or Deferred(str(broken))
        try:
            reply = self._wire.reply(self._patience.final)
        except Broken as broken:
            self.usable = False
            return Deferred(str(broken))
        self._unfinished = False
        self.used_at = time.monotonic()
        if reply.positive:
            return Delivered(str(reply))
        self.usable = reply.code // 100 in (4, 5) and reply.code != 421
        return Refused(str(reply)) if reply.code // 100 == 5 else Deferred(str(reply))

    def quit(self, seconds: float) -> None:
        """Take leave; whatever the host makes of that changes nothing."""
        with contextlib.suppress(Broken):
            self._wire.ask(b"QUIT", seconds)
        self._wire.close()

    def close(self) -> None:
        self._wire.close()

    def _answers(self, commands: list[bytes]) -> Outcome | None:
        """The outcome of commands that went out together (RFC 2920 section 3.1)."""
        failure: Outcome | None = None
        reply = None
        try:
            for command in commands:
                reply = self._wire.reply(self._patience.reply)
                failure = failure or self._failure(command, reply)
        except Broken:
            if failure is None:
                raise
            self.usable = False
        if failure and reply and reply.code == 354:
            # It wants content for an envelope that it has refused. The single dot of RFC 2920 would
            # make an empty message of that; hanging up makes none.
            self.usable = False
        return failure

    def _failure(self, command: bytes, reply: Reply) -> Outcome | None:
        if reply.code == 354 if command == b"DATA" else reply.positive:
            return None
        kind = reply.code // 100
        if reply.code == 421 or kind not in (4, 5) or command == b"RSET":
            raise Broken(str(reply))
        if kind == 5 and reply.code not in _OF_THE_SESSION:
            return Refused(str(reply))
        return Deferred(str(reply))

    def _unfit(self, letter: Letter) -> Refused | None:
        """What this host cannot be asked to take, so that it need not say so itself."""
        for mailbox in (letter.recipient, *([letter.sender] if letter.sender else [])):
            if not _MAILBOX.fullmatch(mailbox):
                return Refused("5.1.3 the address is not one that mail can be sent to")
        if _international(letter) and "SMTPUTF8" not in self._features:
            return Refused("5.6.7 the next host takes no internationalised mail (SMTPUTF8)")
        most = self._features.get("SIZE", "")
        if most.isdecimal() and 0 < int(most) < len(letter.content):
            return Refused(
                f"5.3.4 the message has {len(letter.content)} bytes; the next host takes {most}"
            )
        return None

    def _mail(self, letter: Letter) -> bytes:
        command = f"MAIL FROM:<{letter.sender}>"
        if "SIZE" in self._features:
            command += f" SIZE={len(letter.content)}"
        if "8BITMIME" in self._features and not letter.content.isascii():
            command += " BODY=8BITMIME"
        if _international(letter):
            command += " SMTPUTF8"
        return command.encode()

    def _write_content(self, content: bytes) -> None:
        content = stuffed(content)
        seconds = self._patience.content
        if len(content) <= _JOINED:
            return self._wire.write(content + b".\r\n", seconds, seconds / 10)
        self._wire.write(content, seconds, seconds / 10)
        return self._wire.write(b".\r\n", seconds / 10)

    def _early_answer(self) -> Outcome | None:
        """What the host said before it stopped reading: it may have refused the content."""
        with contextlib.suppress(Broken):
            reply = self._wire.reply(self._patience.early)
            if reply.code // 100 == 5:
                return Refused(str(reply))
        return None


def _international(letter: Letter) -> bool:
    return letter.smtputf8 or not (letter.sender.isascii() and letter.recipient.isascii())
