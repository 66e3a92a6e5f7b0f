"""One thread that writes for all: what waits together is committed together, with one flush."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from storage.batch import Task, write
from storage.changes import Decided
from storage.contents import Spooled, is_large, spool_large
from storage.database import Connection, Database
from storage.failures import Unavailable
from storage.records.changes import Changes

T = TypeVar("T")

_MOST = 256  # how many are committed together
_LINGER = 0.008  # seconds for which a commit waits for those who are expected
_ATTEMPTS = 3
_SHORT = 3.0  # seconds; PostgreSQL finds a deadlock after one; what took longer has waited enough


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Somebody who waits, with what is to be written and when to flush at the latest."""

    task: Task
    at_latest: float  # on the monotonic clock
    answer: Future[Any] = field(default_factory=Future)


class Writer:
    """Commits for every thread of this process. `close` it: what waits is written before."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._expected = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T], patience: float = 0.0) -> Future[T]:
        """Have `work` done in a transaction that others share; answered after its commit.

        What `work` raises undoes its own writes only, and the future raises it; so it does
        Unavailable if the commit fails. `work` may be called again after a lost connection.
        `patience`: seconds that it may wait for somebody to flush with.
        """
        return self._enqueue(work, patience)

    def commit(
        self, changes: Changes, now: datetime, patience: float = 0.0
    ) -> Future[tuple[str, ...]]:
        """`submit` of `changes.apply`, but cheaper: those that wait together share statements.

        Large contents are put on disk before that, in the calling thread: nobody waits for them.
        """
        try:
            decided = Decided(changes, now, self._spooled(changes))
        except Unavailable as problem:
            failed: Future[tuple[str, ...]] = Future()
            failed.set_exception(problem)
            return failed
        return self._enqueue(decided, patience)

    def expect(self) -> None:
        """Somebody is about to commit: others may wait some milliseconds to flush with them."""
        with self._lock:
            self._expected += 1

    def arrived(self) -> None:
        """One who was expected commits now, or gave up."""
        with self._lock:
            self._expected -= 1

    def close(self) -> None:
        """Write what waits, then stop; later calls raise RuntimeError."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _spooled(self, changes: Changes) -> dict[str, Spooled]:
        if not any(map(is_large, changes.outgoing)):
            return {}
        with self._database.read() as connection:
            return spool_large(connection, changes.outgoing)

    def _enqueue(self, task: Task, patience: float) -> Future[Any]:
        waiting = _Waiting(task, time.monotonic() + patience)
        with self._lock:
            if self._closed:
                raise RuntimeError("the writer is closed")
            self._queue.put(waiting)
        return waiting.answer

    def _run(self) -> None:
        going = True
        while going:
            batch, going = self._gather()
            if batch:
                self._commit(batch)

    def _gather(self) -> tuple[list[_Waiting], bool]:
        """What is to be written together, and whether more may come after it."""
        batch: list[_Waiting] = []
        deadline: float | None = None
        while len(batch) < _MOST:
            try:
                waiting = self._next(deadline)
            except queue.Empty:
                break
            if waiting is None:
                return batch, False
            if waiting.answer.set_running_or_notify_cancel():
                batch.append(waiting)
                deadline = min(deadline or waiting.at_latest, waiting.at_latest)
        return batch, True

    def _next(self, deadline: float | None) -> _Waiting | None:
        if deadline is None:
            return self._queue.get()
        if self._expected > 0:
            deadline += _LINGER
        left = deadline - time.monotonic()
        return self._queue.get(timeout=left) if left > 0 else self._queue.get_nowait()

    def _commit(self, batch: list[_Waiting]) -> None:
        try:
            outcomes = self._outcomes([one.task for one in batch])
        except Exception as problem:  # noqa: BLE001 - it is raised where somebody waits for it
            outcomes = [problem] * len(batch)
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Exception):
                waiting.answer.set_exception(outcome)
            else:
                waiting.answer.set_result(outcome)

    def _outcomes(self, tasks: list[Task]) -> list[Any]:
        """What each returned or raised, once it is committed; tried again after a short failure."""
        started = time.monotonic()
        for attempt in range(1, _ATTEMPTS + 1):
            complete = False
            try:
                with self._database.write() as connection:
                    outcomes = write(connection, tasks)
                    complete = True
            except Unavailable:
                # A commit that failed may have taken place all the same: not twice.
                if complete or attempt == _ATTEMPTS or time.monotonic() - started > _SHORT:
                    raise
                time.sleep(random.uniform(0.01, 0.05))  # or the same two would meet again
            else:
                return outcomes
        raise AssertionError("unreachable")
