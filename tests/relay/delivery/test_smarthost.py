"""A smarthost from the settings, and another program's server."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from letters import a_letter
from smarthost import Authority, Smarthost, authority
from transports import KEPT, LONG

from config.choices import Tls
from config.sections import DeliverySettings
from relay.delivery.opening import Host, connect
from relay.delivery.outcome import Delivered
from relay.delivery.transports import smtp


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"), "smarthost.test", "127.0.0.1")


def test_it_is_opened_from_the_settings():
    server = Smarthost()
    with server.running():
        delivery = DeliverySettings(transport="smtp", host="127.0.0.1", port=server.port)
        transport = smtp.open(delivery, None, "peers.example.test")
        assert isinstance(transport.send(a_letter()), Delivered)
        transport.close()
    assert server.commands[0] == b"EHLO peers.example.test"


def test_connections_can_be_made_one_at_a_time():
    server = Smarthost()
    with server.running():
        client = connect(Host("127.0.0.1", server.port, "smarthost.test"), LONG)
        assert client.offer(a_letter()) is None
        assert isinstance(client.hand_over(a_letter().content), Delivered)
        client.quit(1)


class Mailbox:
    """A handler of aiosmtpd: a server that shares nothing with the client or the scripted one."""

    def __init__(self) -> None:
        self.content: list[bytes] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        self.content.append(envelope.content)
        return "250 2.0.0 taken"


@contextlib.contextmanager
def aiosmtpd_at_work(mailbox: Mailbox, certified: Authority) -> Iterator[int]:
    """Its port."""
    loop = asyncio.new_event_loop()
    options = {"loop": loop, "tls_context": certified.server, "enable_SMTPUTF8": True}
    server = loop.run_until_complete(
        loop.create_server(lambda: SMTP(mailbox, **options), "127.0.0.1", 0)
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(server.wait_closed())
        loop.close()


def test_another_server_understands_us(certified: Authority):
    mailbox = Mailbox()
    content = "Subject: ü\r\n\r\n.dot\r\n..\r\nend\r\n".encode()
    with aiosmtpd_at_work(mailbox, certified) as port:
        host = Host("127.0.0.1", port, "smarthost.test", Tls.REQUIRED, trust=certified.client)
        transport = smtp.Smarthost(host, LONG, KEPT)
        for _ in range(3):
            letter = a_letter(recipient="zoë@corp.test", content=content, smtputf8=True)
            assert isinstance(transport.send(letter), Delivered)
        transport.close()
    assert mailbox.content == [content] * 3
