"""SMTP by hand: any bytes, in any order, from any address of loopback."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass

PATIENCE = 30.0


@dataclass(frozen=True)
class Said:
    """One reply. A code of 0: the server hung up instead."""

    code: int
    text: str

    @property
    def refused(self) -> bool:
        return self.code // 100 == 5 or self.code == 0


class Wire:
    """One connection; greeted unless told otherwise."""

    def __init__(self, port: int, source: str = "127.0.0.66", greeted: bool = True) -> None:
        self.socket: socket.socket = socket.create_connection(
            ("127.0.0.1", port), PATIENCE, source_address=(source, 0)
        )
        self.rest = b""
        if greeted:
            self.greeting = self.read()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, content: bytes) -> None:
        self.socket.sendall(content)

    def read(self) -> Said:
        """The next whole reply."""
        while not (found := re.match(rb"(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n", self.rest)):
            try:
                more = self.socket.recv(65536)
            except ConnectionError:
                more = b""
            if not more:
                return Said(0, self.rest.decode("utf-8", "replace"))
            self.rest += more
        self.rest = self.rest[found.end() :]
        text = found[0].decode("utf-8", "replace")
        return Said(int(text.splitlines()[-1][:3]), text)

    def say(self, line: str | bytes) -> Said:
        """The reply to one command."""
        self.send((line.encode() if isinstance(line, str) else line) + b"\r\n")
        return self.read()

    def hello(self, name: str = "mail.evil.test") -> Said:
        return self.say(f"EHLO {name}")

    def envelope(self, sender: str, *recipients: str, more: str = "") -> Said:
        """Up to the last RCPT, or the first refusal."""
        said = self.say(f"MAIL FROM:<{sender}>{more}")
        for recipient in recipients if said.code == 250 else ():
            said = self.say(f"RCPT TO:<{recipient}>")
        return said

    def content(self, raw: bytes) -> Said:
        """The reply to DATA with these bytes, dots stuffed after CRLF only."""
        said = self.say("DATA")
        if said.code != 354:
            return said
        stuffed = raw.replace(b"\r\n.", b"\r\n..")
        self.send((b"." + stuffed if stuffed.startswith(b".") else stuffed) + b"\r\n.\r\n")
        return self.read()

    def secure(self) -> None:
        """Go on over TLS, whoever the server is."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket, server_hostname="mx.test")
