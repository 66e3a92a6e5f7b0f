"""Workers beside the service, as another machine would run them."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from world import ALEX, DOMAIN, PEERPOST, World, a_world, eventually, marker


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


def carried_once_the_broker_is_there(folder: Path, dead: str, alive: str) -> int:
    """How often a mail arrives that was taken while the broker was down, after a start with one
    that is up."""
    with a_world(folder, broker__url=dead) as world:
        world.start()
        word = marker()
        assert world.send("dana@mailer.test", f"peer-alex@{DOMAIN}", f"{word}\r\n")[0] == 250
        assert world.stop() == 0
        world.settings["broker.url"] = alive
        world.start()
        with a_worker(world):
            world.arrived(ALEX, word)
        return len(world.mails(ALEX, word))
