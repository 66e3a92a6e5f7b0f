"""The port: bound, and its certificate read, before privileges are dropped; then served from."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import ExitStack
from dataclasses import dataclass

from config.settings import RelaySettings
from config.values import HostPort, Unusable
from relay.failures import Failed
from relay.intake.limits import Connections, Room
from relay.intake.server import Handler
from relay.intake.session import SmtpSession

BACKLOG = 512
ROOM = 160 * 2**20  # bytes of large content that is being received or decided on


@dataclass(frozen=True, slots=True)
class Door:
    """What only a privileged process may have been able to open."""

    sockets: tuple[socket.socket, ...]
    tls: ssl.SSLContext | None


def open_door(relay: RelaySettings, ends: ExitStack) -> Door:
    """The bound port; nobody is served yet.

    Raises Failed if it is taken, or forbidden, and Unusable for a certificate that is none.
    """
    try:
        sockets = _bound(relay.listen, ends)
    except OSError as error:
        raise Failed(f"relay.listen = {relay.listen}: {error.strerror or error}") from error
    return Door(sockets, _tls(relay))


async def listen(
    door: Door, relay: RelaySettings, handler: Handler, connections: Connections
) -> tuple[asyncio.Server, ...]:
    """The listening servers, one for each address of the port; they take connections at once."""
    loop, room = asyncio.get_running_loop(), Room(max(ROOM, 2 * relay.max_size))

    session = SmtpSession(
        handler,
        connections,
        room,
        relay.proxy_from,
        hostname=relay.domain,
        ident="ESMTP",
        data_size_limit=relay.max_size,
        enable_SMTPUTF8=True,
        tls_context=door.tls,
        auth_exclude_mechanism=("LOGIN", "PLAIN"),
        loop=loop,
    )
    return tuple(
        [
            await loop.create_server(session.another, sock=one, backlog=BACKLOG)
            for one in door.sockets
        ]
    )


def _bound(address: HostPort, ends: ExitStack) -> tuple[socket.socket, ...]:
    """Every address that the host name stands for; several processes may share them."""
    found = socket.getaddrinfo(
        address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    sockets = []
    for family, kind, protocol, _, where in dict.fromkeys(found):
        sock = socket.socket(family, kind, protocol)
        ends.callback(sock.close)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(where)
        sockets.append(sock)
    return tuple(sockets)


def _tls(relay: RelaySettings) -> ssl.SSLContext | None:
    if relay.tls_cert is None or relay.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(relay.tls_cert, relay.tls_key)
    except OSError as error:  # an SSLError is one as well
        wanted = f"a certificate chain in PEM that fits relay.tls_key ({error.strerror or error})"
        raise Unusable("relay.tls_cert", str(relay.tls_cert), wanted) from error
    return context
