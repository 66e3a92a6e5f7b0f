"""Fetching a policy from a real HTTPS server on loopback."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from letters import records
from smarthost import Authority, authority

from relay.delivery.mta_sts import Fetch
from relay.delivery.policy_file import fetcher

GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nversion: STSv1\n"


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder: Path = tmp_path_factory.mktemp("https")
    return authority(folder, "mta-sts.corp.test")


def fetched(certified: Authority, answer: bytes, domain: str = "corp.test") -> bytes:
    """What comes of fetching the domain's policy from a server that answers this to anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server, certified, answer))
        thread.start()
        try:
            return a_fetcher(certified, server.getsockname()[1], domain)(domain)
        finally:
            server.close()
            thread.join()


def a_fetcher(certified: Authority, port: int, domain: str) -> Fetch:
    zone = records({f"mta-sts.{domain} A": "127.0.0.1"})
    return fetcher(zone, port, certified.client, lambda address: True)


def serve(server: socket.socket, certified: Authority, answer: bytes) -> None:
    try:
        plain, _ = server.accept()
        with plain, certified.server.wrap_socket(plain, server_side=True) as wire:
            assert wire.recv(4096).startswith(
                b"GET /.well-known/mta-sts.txt HTTP/1.0\r\nHost: mta-"
            )
            wire.sendall(answer)
            wire.unwrap()
    except OSError:
        return  # the client did not like us


def test_a_plain_text_file_is_fetched(certified: Authority):
    assert fetched(certified, GOOD) == b"version: STSv1\n"
    chunked = GOOD.replace(b"Content-", b"Transfer-Encoding: chunked\r\nContent-").replace(
        b"version: STSv1\n", b"3\r\nver\r\n0\r\n\r\n"
    )
    assert fetched(certified, chunked) == b"ver"


@pytest.mark.parametrize(
    "answer",
    [
        GOOD.replace(b"200", b"404"),
        GOOD.replace(b"200 OK", b"301 Moved\r\nLocation: https://evil.test/"),
        GOOD.replace(b"text/plain", b"text/html"),
        GOOD.replace(b"\r\n\r\n", b"\r\nContent-Length: 999\r\n\r\n"),
        b"SSH-2.0-OpenSSH\r\n",
        b"",
        b"HTTP/1.0 200 OK\r\n" + b"X: y\r\n" * 20_000,
    ],
    ids=["404", "redirect", "html", "cut", "ssh", "empty", "headers"],
)
def test_anything_else_is_an_os_error(certified: Authority, answer: bytes):
    with pytest.raises(OSError):
        fetched(certified, answer)


def test_another_hosts_certificate_is_not_taken(certified: Authority):
    with pytest.raises(OSError, match="certificate"):
        fetched(certified, GOOD, "other.test")


def test_a_policy_host_is_never_looked_for_on_this_machine():
    zone = records({"mta-sts.corp.test A": "127.0.0.1"})
    with pytest.raises(OSError, match="no address"):
        fetcher(zone)("corp.test")
