"""One installation for each worker, which the tests attack one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from smarthost import authority
from wire import Wire
from world import World, a_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service that offers STARTTLS and takes 1 MiB; it knows alex, and mailer.test may write."""
    folder = tmp_path_factory.mktemp("attacked")
    authority(folder, "mx.test")
    pem = str(folder / "server.pem")
    settings = {"relay__max_size": "1MiB", "relay__tls_cert": pem, "relay__tls_key": pem}
    with a_world(folder, ambassador__weekly_threads=0, **settings) as made:
        made.publish("evil.test")
        made.start()
        yield made


@pytest.fixture
def wire(world: World) -> Iterator[Wire]:
    """A stranger's connection, past EHLO."""
    with Wire(world.port) as opened:
        opened.hello()
        yield opened
