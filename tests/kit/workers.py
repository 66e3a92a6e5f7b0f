"""Workers beside the service, as another machine would run them."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator

from world import PEERPOST, World, eventually


@contextlib.contextmanager
def a_worker(world: World) -> Iterator[subprocess.Popen[bytes]]:
    """`peerpost worker` beside the world's serve; it must end well on SIGTERM."""
    with open(world.folder / "worker.log", "ab") as log:
        process = subprocess.Popen(
            [PEERPOST, "worker"], cwd=world.folder, env=world.environment, stdout=log, stderr=log
        )
    try:
        eventually(
            lambda: "worker ready" in (world.folder / "worker.log").read_text(), "a ready worker"
        )
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
