"""How long the report over a great many events takes, and how much memory, while mail is written.

    python -m benchmarks.report [--events 1000000] [--postgresql]

The report is made in a process of its own, so that the peak is its own. Meanwhile another process
commits an event every 10 ms, as mail does; its slowest commit is shown.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.synchronize import Event as Flag
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests" / "kit"))

from program import NOW, START, Program
from servers import create_database, start_postgresql

from config.settings import FollowupSettings
from relay.reports import make, render
from relay.reports.clock import working_time
from relay.reports.values import By, Period
from storage import events, people
from storage.database import Database
from storage.mint import Mint
from storage.records.events import Event, EventKind

KEY = b"0123456789abcdef0123456789abcdef"
EVENTS_PER_CONTACT = 8.8
ROUNDS = 5


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--events", type=int, default=1_000_000)
    arguments.add_argument("--postgresql", action="store_true")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/peerpost.db"
        if options.postgresql:
            url = create_database(start_postgresql(folder / "postgresql"), "benchmark")
        number = fill(url, folder, options.events)
        print(f"{number:,} events of two years, 50 ambassadors, {url.partition(':')[0]}")
        for by in By:
            print(f"by {by}: {measured(url, folder, by)}")


def fill(url: str, folder: Path, wanted: int) -> int:
    """Two years of a program in a new database; how many events they are.

    PostgreSQL looks after its tables within a minute anyway, and would do so while we measure.
    """
    database = Database(url, KEY, folder / "spool")
    database.migrate()
    program = Program(contacts=round(wanted / EVENTS_PER_CONTACT))
    happened = program.events()
    with database.write() as connection:
        people.save_ambassadors(connection, program.people)
        for start in range(0, len(happened), 20_000):
            events.add(connection, happened[start : start + 20_000])
    if database.engine.dialect.name == "postgresql":
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as sql:
            sql.exec_driver_sql("VACUUM ANALYZE")
    database.close()
    return len(happened)


def measured(url: str, folder: Path, by: By) -> str:
    spawn = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[tuple[float, ...]] = spawn.Queue()
    stop = spawn.Event()
    writer = spawn.Process(target=write, args=(url, folder, stop, found))
    writer.start()
    reporter = spawn.Process(target=report, args=(url, folder, by, found))
    reporter.start()
    reporter.join()
    stop.set()
    fastest, taken, cpu, grown = found.get()
    commits, slowest = found.get()
    writer.join()
    return (
        f"{taken:.2f} s, the fastest {fastest:.2f} s ({cpu:.2f} s of our CPU), "
        f"{grown:.0f} MiB more than idle; "
        f"meanwhile {commits:.0f} commits, the slowest {slowest * 1000:.0f} ms"
    )


def report(url: str, folder: Path, by: By, found: multiprocessing.Queue[tuple[float, ...]]) -> None:
    database = Database(url, KEY, folder / "spool")
    with database.read() as connection:
        people.ambassadors(connection)
    _forget_peak()
    idle = _peak()
    taken, cpu = [], []
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        clock = working_time(Period(START, NOW), FollowupSettings())
        with database.read() as connection:
            made = make.report(connection, START, NOW, by, NOW, clock)
        render.html(made)
        taken.append(time.perf_counter() - began)
        cpu.append(time.process_time() - worked)
    found.put((min(taken), statistics.median(taken), min(cpu), _peak() - idle))


def write(
    url: str, folder: Path, stop: Flag, found: multiprocessing.Queue[tuple[float, ...]]
) -> None:
    database = Database(url, KEY, folder / "spool")
    taken = list(_commits(database, stop))
    found.put((len(taken), max(taken)))


def _commits(database: Database, stop: Flag) -> Iterator[float]:
    mint = Mint(secrets.token_bytes)
    at = NOW + timedelta(days=1)
    while not stop.wait(0.01):
        at += timedelta(milliseconds=10)
        began = time.perf_counter()
        with database.write() as connection:
            events.add(connection, [Event(mint.id(at), at, EventKind.AUTOMATIC)])
        yield time.perf_counter() - began


def _peak() -> float:
    """The most memory this process has used since `_forget_peak`, in MiB (proc(5))."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    main()
