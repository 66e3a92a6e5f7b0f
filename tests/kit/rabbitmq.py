"""A real RabbitMQ for tests, from Debian's package, which cannot come with pip."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers import free_port

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")

_PATIENCE = 60.0  # seconds until it must answer; Erlang starts slowly on a busy machine


def is_installed() -> bool:
    return SERVER.exists() and shutil.which("epmd") is not None


@contextmanager
def rabbitmq_server(folder: Path, port: int | None = None) -> Iterator[str]:
    """A broker on this port of loopback or a free one, with all its files in `folder`; its URL."""
    port = port or free_port()
    between, names = free_port(), free_port()
    environment = os.environ | {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"peerpost{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(between),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(names),
    }
    with subprocess.Popen([SERVER], env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield f"amqp://guest:guest@127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(_PATIENCE)
            # What looks up node names was started by the broker, and stays when it goes.
            subprocess.run(["epmd", "-kill"], env=environment, capture_output=True, check=False)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until it says something on its port: one that is still starting only accepts."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                if connection.recv(1):
                    return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("RabbitMQ does not start")
        time.sleep(0.1)
