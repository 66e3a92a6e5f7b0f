"""Several serving processes on one port: started, started again when one dies, ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from types import FrameType

from config import logs
from config.sections import RelaySettings
from relay.cores import keep_to_one
from relay.meters import SHARED
from relay.privileges import account

log = logs.get(__name__)

GRACE = 20.0  # seconds before a process that does not end is killed
SHORT_LIFE = 5.0  # a process that dies sooner is started again after a pause
PAUSE = 1.0


def supervise(processes: int, config: Path | None, relay: RelaySettings) -> None:
    """Returns after SIGTERM or SIGINT, when all of them have ended. With `one_core` each keeps to
    a core of its own, as far as there are enough. Raises Unusable if there is no `relay.user`."""
    command = [sys.executable, "-m", "relay.cli.main"]
    command += ["--config", str(config), "serve"] if config else ["serve"]
    start = partial(_start, command, relay.one_core)
    ending = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal ending
        ending = True

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, end)
    with tempfile.TemporaryDirectory(prefix="peerpost-") as counts:
        if relay.user is not None and os.geteuid() == 0:
            os.chown(counts, account(relay.user).pw_uid, -1)  # who the processes will write as
        os.environ[SHARED] = counts
        running = {start(number): (number, time.monotonic()) for number in range(processes)}
        while not ending:
            time.sleep(0.2)
            for process in [one for one in running if one.poll() is not None]:
                log.error("lost a process", status=process.returncode)
                number, began = running.pop(process)
                if time.monotonic() - began < SHORT_LIFE:
                    time.sleep(PAUSE)
                running[start(number)] = number, time.monotonic()
        _end_all(list(running))


def _start(command: list[str], one_core: bool, number: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    if one_core:
        keep_to_one(number, process.pid)
    return process


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
