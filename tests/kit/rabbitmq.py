"""A real RabbitMQ for tests, from Debian's package, which cannot come with pip."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ports import free_port
from servers import wait_for

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")

_PATIENCE = 60.0  # seconds until it must have ended


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
            # One that is still starting only accepts.
            wait_for(port, process, b"AMQP\x00\x00\x09\x01")
            yield f"amqp://guest:guest@127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(_PATIENCE)
            # What looks up node names was started by the broker, and stays when it goes.
            subprocess.run(["epmd", "-kill"], env=environment, capture_output=True, check=False)
