"""What the service holds in memory: idle, with 20 busy connections, and with ten large messages.

python benchmarks/memory.py [--processes N] [--size MIB]

The sum over all its processes of the proportional set size (PSS, MiB), the highest that was seen
each 20 ms. Everything that protects is on; mails are signed and go to a next host that takes them.
"""

from __future__ import annotations

import argparse
import smtplib
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests" / "kit")]

from load import PEER, Load  # noqa: E402
from mails import raw_mail, signed  # noqa: E402
from world import World, a_world, eventually, marker  # noqa: E402

LARGE_AT_ONCE = 10
CONNECTIONS = 20
MESSAGES = 400


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                found += family(int(child))
    return found


def held(pid: int) -> float:
    """MiB of proportional set size."""
    total = 0
    for one in family(pid):
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return total / 1024


class Watch:
    """The highest that was seen since it was last asked."""

    def __init__(self, pid: int) -> None:
        self.pid, self.peak = pid, 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.02):
            self.peak = max(self.peak, held(self.pid))

    def close(self) -> None:
        self._ended.set()
        self._thread.join()


@contextmanager
def watched(world: World, what: str) -> Iterator[None]:
    assert world.process is not None
    watch = Watch(world.process.pid)
    try:
        yield
    finally:
        watch.close()
        print(f"{what:<44}{watch.peak:8.0f} {held(world.process.pid):8.0f}")


def together(jobs: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def large(world: World, content: bytes) -> None:
    """One mail, offered again while it is put off."""
    author = f"{marker()}@mailer.test"
    fields = {"From": author, "To": PEER, "Message_ID": f"<{marker()}@mailer.test>"}
    mail = signed(raw_mail(body=content, Content_Type="application/octet-stream", **fields))
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", world.port, "mail.test", timeout=600) as client:
                client.sendmail(author, PEER, mail)
                return
        except smtplib.SMTPResponseException as refused:
            if refused.smtp_code >= 500:
                raise
            time.sleep(1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--processes", default="1")
    options.add_argument("--size", type=int, default=24, help="MiB of each large message")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, a_world(Path(folder)) as world:
        world.start("--processes", chosen.processes)
        print(
            f"{'MiB of PSS, ' + chosen.processes + ' process(es)':<44}{'highest':>8} {'after':>8}"
        )
        with watched(world, "idle"):
            time.sleep(3)
        load = Load(world)
        with watched(world, f"{CONNECTIONS} connections, {MESSAGES} messages of 2 KB"):
            with load.running(CONNECTIONS):
                load.taking(MESSAGES)
            eventually(lambda: not load.missing(), "all arrive", 60)
        line = b"x" * 76 + b"\r\n"
        body = line * (chosen.size * 2**20 // len(line))
        with watched(world, f"{LARGE_AT_ONCE} messages of {chosen.size} MiB at once"):
            together([lambda: large(world, body)] * LARGE_AT_ONCE)
            eventually(
                lambda: len(world.smarthost.arrived) >= len(load.taken) + LARGE_AT_ONCE, "x", 120
            )


if __name__ == "__main__":
    main()
