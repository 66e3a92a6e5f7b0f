"""Behind a load balancer: its word on who the client is counts, and nobody else's."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from ipaddress import IPv4Address

import pytest
from mails import raw_mail
from wire import Wire
from world import ALEX, DOMAIN, World, a_world, marker

PEER = f"peer-alex@{DOMAIN}"
BALANCER, STRANGER = "127.0.0.10", "127.0.0.11"
HOST = "192.0.2.9"  # where mail of spf.test may come from
_SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"  # of version 2


def version_1(client: str) -> bytes:
    return f"PROXY TCP4 {client} 127.0.0.1 40000 25\r\n".encode()


def version_2(client: str) -> bytes:
    ends = IPv4Address(client).packed + IPv4Address("127.0.0.1").packed
    body = ends + struct.pack("!HH", 40000, 25)
    return _SIGNATURE + bytes([0x21, 0x11]) + struct.pack("!H", len(body)) + body


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service that believes one balancer, and a domain whose mail only SPF proves."""
    folder = tmp_path_factory.mktemp("balanced")
    with a_world(folder, relay__proxy_from=[f"{BALANCER}/32"]) as made:
        made.names.records["spf.test", "TXT"] = (f"v=spf1 ip4:{HOST} -all",)
        made.names.records["_dmarc.spf.test", "TXT"] = ("v=DMARC1; p=reject",)
        made.start()
        yield made


@pytest.mark.parametrize("header", [version_1, version_2])
def test_the_balancers_word_is_taken_for_the_clients_address(world: World, header) -> None:
    for client, code in ((HOST, 250), ("192.0.2.10", 550)):
        author, word = f"{marker()}@spf.test", marker()
        with Wire(world.port, BALANCER, greeted=False) as wire:
            wire.send(header(client))
            assert wire.read().code == 220
            wire.hello("mail.spf.test")
            assert wire.envelope(author, PEER).code == 250
            mail = raw_mail(From=author, To=PEER, body=f"{word}\r\n", Message_ID=f"<{word}@x.test>")
            assert wire.content(mail).code == code
        if code == 250:
            world.arrived(ALEX, word)


@pytest.mark.parametrize("header", [version_1, version_2])
def test_nobody_else_is_believed(world: World, header) -> None:
    with Wire(world.port, STRANGER, greeted=False) as wire:
        assert wire.read().code == 220
        wire.send(header(HOST))
        assert wire.read().refused


@pytest.mark.parametrize("sent", [b"EHLO mail.spf.test\r\n", b"PROXY TCP4 what\r\n", b"\0" * 20])
def test_a_balancer_that_says_nothing_of_its_client_is_not_served(world: World, sent) -> None:
    with Wire(world.port, BALANCER, greeted=False) as wire:
        wire.send(sent)
        assert wire.read().code in (0, 421, 500, 501, 503)
