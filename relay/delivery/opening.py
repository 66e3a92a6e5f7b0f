"""From a TCP connection to a Client: greeting, EHLO, STARTTLS (RFC 3207), AUTH (RFC 4954)."""

from __future__ import annotations

import base64
import socket
import ssl
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address

from config.choices import Tls
from relay.delivery.client import Client
from relay.delivery.wire import Broken, Patience, Reply, Unencrypted, Wire


@dataclass(frozen=True, slots=True)
class Host:
    """Where to connect, and on what terms.

    Under Tls.REQUIRED its certificate must be for `name`, and from an authority that `trust` knows
    (None: the system's). `implicit` means TLS from the first byte (RFC 8314 section 3.3). `helo` is
    what we call ourselves; else the address literal of our end.
    """

    address: str
    port: int
    name: str
    tls: Tls = Tls.OPPORTUNISTIC
    implicit: bool = False
    helo: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    trust: ssl.SSLContext | None = None


def connect(host: Host, patience: Patience) -> Client:
    """A connection that is ready for mail. Raises Broken, which is never the message's fault.

    Opportunistic TLS (RFC 7435) falls back to none if the handshake fails, since an attacker who
    can break it could as well hide STARTTLS; never where a password is to be sent.
    """
    try:
        return _connect(host, patience, host.tls)
    except Unencrypted:
        if host.tls is Tls.REQUIRED or host.username or host.implicit:
            raise
    return _connect(host, patience, Tls.OFF)


def _connect(host: Host, patience: Patience, tls: Tls) -> Client:
    try:
        wire = Wire(socket.create_connection((host.address, host.port), patience.connect))
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", "") or "no answer in time"
        raise Broken(f"4.4.1 no connection to the next host: {reason}") from error
    try:
        return Client(wire, _opened(wire, host, patience, tls), patience)
    except BaseException:
        wire.close()
        raise


def _opened(wire: Wire, host: Host, patience: Patience, tls: Tls) -> dict[str, str]:
    """Everything up to the first MAIL; what the host can do, by keyword."""
    if host.implicit:
        wire.encrypt(_context(host), host.name, patience.reply)
    _expect(wire.reply(patience.reply), 220)
    features = _greet(wire, host, patience)
    if tls is not Tls.OFF and not wire.encrypted:
        features = _start_tls(wire, host, patience, features)
    if host.username:
        _log_in(wire, host, patience, features.get("AUTH", "").upper().split())
    return features


def _greet(wire: Wire, host: Host, patience: Patience) -> dict[str, str]:
    name = (host.helo or _literal(wire.local)).encode()
    reply = wire.ask(b"EHLO " + name, patience.reply)
    if reply.code // 100 == 5:
        _expect(wire.ask(b"HELO " + name, patience.reply), 250)
        return {}
    _expect(reply, 250)
    words = (line.partition(" ") for line in reply.lines[1:])
    return {keyword.upper(): rest.strip() for keyword, _, rest in words}


def _start_tls(
    wire: Wire, host: Host, patience: Patience, features: dict[str, str]
) -> dict[str, str]:
    if "STARTTLS" in features:
        reply = wire.ask(b"STARTTLS", patience.reply)
        if reply.code == 220:
            wire.encrypt(_context(host), host.name, patience.reply)
            return _greet(wire, host, patience)  # what was said before TLS no longer counts
        if reply.code == 421:
            raise Broken(str(reply))
    if host.tls is Tls.REQUIRED:
        raise Broken("4.7.10 the next host offers no TLS, and it must be encrypted")
    return features


def _log_in(wire: Wire, host: Host, patience: Patience, mechanisms: list[str]) -> None:
    if not (wire.encrypted or ip_address(wire.remote.partition("%")[0]).is_loopback):
        raise Broken("4.7.11 the next host offers no TLS, and the password must not go without")
    user, password = host.username.encode(), host.password.encode()
    if "PLAIN" in mechanisms:
        proof = base64.b64encode(b"\0" + user + b"\0" + password)
        _expect(wire.ask(b"AUTH PLAIN " + proof, patience.reply), 235)
    elif "LOGIN" in mechanisms:
        _expect(wire.ask(b"AUTH LOGIN", patience.reply), 334)
        _expect(wire.ask(base64.b64encode(user), patience.reply), 334)
        _expect(wire.ask(base64.b64encode(password), patience.reply), 235)
    else:
        raise Broken("4.7.0 the next host offers no login that we know (PLAIN, LOGIN)")


def _expect(reply: Reply, code: int) -> None:
    if reply.code != code:
        raise Broken(str(reply))


def _literal(address: str) -> str:
    """RFC 5321 section 4.1.3."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _context(host: Host) -> ssl.SSLContext:
    if host.tls is Tls.REQUIRED:
        return host.trust or _checking()
    return _unchecking()


@cache
def _checking() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _unchecking() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
