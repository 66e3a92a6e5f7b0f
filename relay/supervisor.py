"""Several serving processes on one port: started, started again when one dies, ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

from config import logs
from relay.meters import SHARED

log = logs.get(__name__)

GRACE = 20.0  # seconds before a process that does not end is killed
SHORT_LIFE = 5.0  # a process that dies sooner is started again after a pause
PAUSE = 1.0


def supervise(processes: int, config: Path | None) -> None:
    """Returns after SIGTERM or SIGINT, when all of them have ended."""
    command = [sys.executable, "-m", "relay.cli.main"]
    command += ["--config", str(config), "serve"] if config else ["serve"]
    ending = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal ending
        ending = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    with tempfile.TemporaryDirectory(prefix="peerpost-") as counts:
        # The processes may run as somebody else; there are only numbers in it.
        os.chmod(counts, 0o755)
        os.environ[SHARED] = counts
        running = {_start(command): time.monotonic() for _ in range(processes)}
        while not ending:
            time.sleep(0.2)
            for process in [one for one in running if one.poll() is not None]:
                log.error("lost a process", status=process.returncode)
                if time.monotonic() - running.pop(process) < SHORT_LIFE:
                    time.sleep(PAUSE)
                running[_start(command)] = time.monotonic()
        _end_all(list(running))


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)


def _end_all(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.error("killed a process that did not end", pid=process.pid)
            process.kill()
            process.wait()
