"""Ports of loopback for servers that start later than their port is chosen.

They lie below those that the system gives to connections (Linux: from 32768 on), of which any
could take the port meanwhile; and each worker of a test run has its own.
"""

from __future__ import annotations

import itertools
import os
import random
import socket

_FIRST, _EACH, _WORKERS = 12_000, 1000, 20
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
_start = random.randrange(_EACH)  # another run may be under way
_ports = itertools.cycle(
    _FIRST + _EACH * _worker + (_start + number) % _EACH for number in range(_EACH)
)


def free_port() -> int:
    """One that nobody listens on, and that is given out again only after all others."""
    for port in itertools.islice(_ports, _EACH):
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise RuntimeError("all ports of this worker are taken")
