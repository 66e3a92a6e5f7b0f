"""A real SMTP server on loopback that misbehaves as it is told, with or without TLS."""

from __future__ import annotations

import contextlib
import datetime
import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HANG_UP = b""  # close the connection instead of answering
SILENCE = b"\0"  # answer nothing until the client is gone
Answer = bytes | Callable[["Session"], bytes | None]  # None: as a good server would
ALL = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 1000000")


@dataclass(frozen=True)
class Arrived:
    mail: bytes  # the MAIL and RCPT commands, with all their parameters
    rcpt: bytes
    content: bytes  # as on the wire, dots still doubled
    encrypted: bool
    session: int  # counted from 1


@dataclass
class Smarthost:
    """What it answers is looked up under the verb ("GREETING", "MAIL", ..., "CONTENT"), in `answers`.

    Everything is recorded before it is answered, so a test need not wait for anything.
    """

    features: tuple[str, ...] = ALL
    answers: dict[str, Answer] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    implicit: bool = False  # TLS from the first byte
    secret_features: tuple[str, ...] = ()  # only after STARTTLS
    arrived: list[Arrived] = field(default_factory=list)
    commands: list[bytes] = field(default_factory=list)
    reads: list[bytes] = field(default_factory=list)  # what came in one read, before content
    sessions: int = 0
    host: str = "127.0.0.1"
    port: int = 0

    @contextlib.contextmanager
    def running(self) -> Iterator[Smarthost]:
        server = _Server((self.host, self.port), Session)
        server.owner, self.port = self, server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()
            server.server_close()

    def verbs(self) -> list[bytes]:
        return [command.partition(b" ")[0] for command in self.commands]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 64
    owner: Smarthost

    def __init__(self, *arguments: Any) -> None:
        self.open: set[Session] = set()
        super().__init__(*arguments)

    def hang_up(self) -> None:
        for session in tuple(self.open):
            session.hang_up()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The client went away; what it made of that is what tests look at."""


class Session(socketserver.BaseRequestHandler):
    server: _Server
    request: socket.socket

    def setup(self) -> None:
        self.host = self.server.owner
        self.host.sessions += 1
        self.number = self.host.sessions
        self.buffer, self.encrypted = b"", False
        self.line = self.mail = self.rcpt = self.content = b""
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server.open.add(self)

    def finish(self) -> None:
        self.server.open.discard(self)
        self.request.close()

    def hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self.request.shutdown(socket.SHUT_RDWR)

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, ssl.SSLError, EOFError, TimeoutError):
            if self.host.implicit:
                self.encrypt()
            self.say("GREETING", b"220 smarthost.test ESMTP\r\n")
            while True:
                self.line = self.read_to(b"\r\n")
                self.host.commands.append(self.line)
                self.command(self.line.partition(b" ")[0].upper().decode())

    def command(self, verb: str) -> None:
        if verb == "EHLO":
            self.say(verb, self.offer())
        elif verb == "MAIL":
            self.rcpt = b""
            taken = self.say(verb, b"250 2.1.0 ok\r\n").startswith(b"2")
            self.mail = self.line if taken else b""
        elif verb == "RCPT":
            if self.say(verb, b"250 2.1.5 ok\r\n").startswith(b"2"):
                self.rcpt = self.line
        elif verb == "DATA":
            good = b"354 go on\r\n" if self.mail and self.rcpt else b"503 5.5.1 no recipient\r\n"
            if self.say(verb, good).startswith(b"354"):
                self.take_content()
        elif verb == "STARTTLS" and self.host.tls:
            if self.say(verb, b"220 go on\r\n").startswith(b"220"):
                self.encrypt()
        elif verb == "QUIT":
            self.say(verb, b"221 bye\r\n")
            raise EOFError
        else:
            self.say(verb, b"250 ok\r\n" if verb in ("RSET", "HELO") else b"502 what?\r\n")

    def encrypt(self) -> None:
        assert self.host.tls
        self.request = self.host.tls.wrap_socket(self.request, server_side=True)
        self.encrypted, self.buffer = True, b""

    def offer(self) -> bytes:
        start = ("STARTTLS",) if self.host.tls and not self.encrypted else ()
        lines = (
            "smarthost.test",
            *self.host.features,
            *start,
            *(self.host.secret_features if self.encrypted else ()),
        )
        text = "".join(f"250-{line}\r\n" for line in lines)
        return re.sub("250-(?!.*250-)", "250 ", text, flags=re.DOTALL).encode()

    def take_content(self) -> None:
        self.buffer = b"\r\n" + self.buffer  # so that the end looks the same after no content
        self.content = (self.read_to(b"\r\n.\r\n") + b"\r\n")[2:]
        answer = self.choose("CONTENT", b"250 2.0.0 taken\r\n")
        if answer.startswith(b"2"):
            self.host.arrived.append(
                Arrived(self.mail, self.rcpt, self.content, self.encrypted, self.number)
            )
        self.mail = self.rcpt = b""
        self.give(answer)

    def say(self, verb: str, good: bytes) -> bytes:
        return self.give(self.choose(verb, good))

    def choose(self, verb: str, good: bytes) -> bytes:
        answer = self.host.answers.get(verb)
        chosen = answer(self) if callable(answer) else answer
        return good if chosen is None else chosen

    def give(self, answer: bytes) -> bytes:
        if answer == HANG_UP:
            raise EOFError
        if answer == SILENCE:
            while self.request.recv(65536):
                pass
            raise EOFError
        self.request.sendall(answer)
        return answer

    def read_to(self, end: bytes) -> bytes:
        while end not in self.buffer:
            data = self.request.recv(65536)
            if not data:
                raise EOFError
            if end == b"\r\n":
                self.host.reads.append(data)
            self.buffer += data
        found, _, self.buffer = self.buffer.partition(end)
        return found


@dataclass(frozen=True)
class Authority:
    """A certificate authority of our own, and one certificate that it signed."""

    client: ssl.SSLContext  # trusts it alone
    server: ssl.SSLContext


def authority(folder: Path, *names: str) -> Authority:
    """Names may be IP addresses."""
    root, certificate = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Peerpost tests")])

    def build(subject: str, key: ec.EllipticCurvePrivateKey, ca: bool) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
        return (
            x509.CertificateBuilder()
            .subject_name(issuer if ca else name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )

    alternatives = x509.SubjectAlternativeName([_alternative(name) for name in names])
    leaf = build("server", certificate, False).add_extension(alternatives, critical=False)
    ca_file, chain = folder / "ca.pem", folder / "server.pem"
    ca_file.write_bytes(
        build("root", root, True).sign(root, hashes.SHA256()).public_bytes(Encoding.PEM)
    )
    chain.write_bytes(
        certificate.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + leaf.sign(root, hashes.SHA256()).public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return Authority(ssl.create_default_context(cafile=ca_file), context)


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
