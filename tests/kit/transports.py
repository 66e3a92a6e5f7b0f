"""A transport to a host that misbehaves as it is told, and what becomes of a letter there."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from typing import Any

from letters import a_letter
from smarthost import SILENCE, Smarthost

from relay.delivery.opening import Host
from relay.delivery.outcome import Outcome
from relay.delivery.pool import Limits
from relay.delivery.transports import smtp
from relay.delivery.wire import Patience

# Long enough for any answer on loopback, short enough to wait for where none will come.
SHORT = Patience(connect=5, reply=0.6, content=6, final=0.6, early=0.6)
LONG = Patience(connect=20, reply=20, content=20, final=20, early=5)


KEPT = Limits(flow=math.inf)


def patience_for(answer: object) -> Patience:
    return SHORT if answer == SILENCE else LONG


@contextlib.contextmanager
def a_transport(
    server: Smarthost, patience: Patience = LONG, limits: Limits = KEPT, **host: Any
) -> Iterator[smtp.Smarthost]:
    parts = {"address": server.host, "port": server.port, "name": "smarthost.test"} | host
    transport = smtp.Smarthost(Host(**parts), patience, limits)
    try:
        yield transport
    finally:
        transport.close()


def outcome(server: Smarthost, patience: Patience = LONG, **parts: Any) -> Outcome:
    """What becomes of one letter; `parts` are the letter's."""
    with server.running(), a_transport(server, patience) as transport:
        return transport.send(a_letter(**parts))
