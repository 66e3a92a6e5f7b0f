"""A domain's MTA-STS policy file, over HTTPS and in a bounded time (RFC 8461 section 3.3)."""

from __future__ import annotations

import io
import socket
import ssl
import time
from http.client import HTTPException, HTTPResponse
from typing import cast

from relay.delivery.exchangers import Usable, abroad, addresses
from relay.delivery.mta_sts import LARGEST, Fetch
from screening.dns import Lookup

_SECONDS = 15.0  # for the whole of it
_HEADER = 16 * 1024


def fetcher(
    lookup: Lookup,
    port: int = 443,
    trust: ssl.SSLContext | None = None,
    usable: Usable = abroad,
) -> Fetch:
    """Fetches from `mta-sts.DOMAIN` and follows no redirect.

    The host's certificate must be from an authority that `trust` knows (None: the system's).
    """
    context = trust or ssl.create_default_context()

    def fetch(domain: str) -> bytes:
        host = f"mta-sts.{domain}"
        address = next(addresses(host, lookup, usable), None)
        if address is None:
            raise OSError("the policy host has no address")
        request = (
            f"GET /.well-known/mta-sts.txt HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        return _body(_exchange(address, port, host, request.encode(), context))

    return fetch


def _exchange(address: str, port: int, host: str, request: bytes, context: ssl.SSLContext) -> bytes:
    """All that the host answers, up to what a policy can need. Raises OSError."""
    deadline = time.monotonic() + _SECONDS
    answer = b""
    with socket.create_connection((address, port), _SECONDS) as plain:
        plain.settimeout(_left(deadline))
        with context.wrap_socket(plain, server_hostname=host) as wire:
            wire.sendall(request)
            while len(answer) <= _HEADER + LARGEST:
                wire.settimeout(_left(deadline))
                data = wire.recv(65536)
                if not data:
                    break
                answer += data
    return answer


def _body(answer: bytes) -> bytes:
    """The text of a plain 200. Raises OSError for any other answer."""
    response = HTTPResponse(cast(socket.socket, _Read(answer)))
    try:
        response.begin()
        kind = response.headers.get_content_type()
        if response.status != 200 or kind != "text/plain":
            raise OSError(f"the policy host answered {response.status} {kind}")
        return response.read()
    except HTTPException as error:
        raise OSError("the policy host answered no HTTP") from error
    finally:
        response.close()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the policy host is too slow")
    return left


class _Read:
    """What HTTPResponse wants of a socket, over bytes that have been read already."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._answer)
