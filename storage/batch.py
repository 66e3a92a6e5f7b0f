"""Several pieces of work in one transaction, each undone alone if it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from sqlalchemy import exc

from storage.changes import Decided, apply_all
from storage.database import Connection
from storage.failures import Unavailable

Task = Callable[[Connection], Any] | Decided

# After these the transaction itself is lost, and with it everybody's work.
_FATAL = (Unavailable, exc.OperationalError, exc.InterfaceError, exc.InternalError)


def write(c: Connection, tasks: Sequence[Task]) -> list[Any]:
    """Do all of them in order; what each returned, or the exception that it raised.

    Neighbouring changes are written in bulk. If one of them fails, each is tried alone. What a
    single task raises is raised: it undoes the whole transaction.
    """
    if len(tasks) == 1:
        return [_done(c, tasks[0])]
    outcomes: list[Any] = []
    for are_changes, group in groupby(tasks, key=lambda task: isinstance(task, Decided)):
        run = list(group)
        outcomes += _bulk(c, run) if are_changes else [_alone(c, task) for task in run]
    return outcomes


def _bulk(c: Connection, run: list[Any]) -> list[Any]:
    if len(run) == 1:
        return [_alone(c, run[0])]
    try:
        with _savepoint(c):
            return list(apply_all(c, run))
    except _FATAL:
        raise
    except Exception:  # noqa: BLE001 - whose it is shows when each is alone
        return [_alone(c, decided) for decided in run]


def _alone(c: Connection, task: Task) -> Any:
    try:
        with _savepoint(c):
            return _done(c, task)
    except _FATAL:
        raise
    except Exception as problem:  # noqa: BLE001 - it belongs to the one who waits for this task
        return problem


def _done(c: Connection, task: Task) -> Any:
    return apply_all(c, (task,))[0] if isinstance(task, Decided) else task(c)


@contextmanager
def _savepoint(c: Connection) -> Iterator[None]:
    kept = len(c.gone)
    c.sql.exec_driver_sql("SAVEPOINT task")
    try:
        yield
    except _FATAL:
        raise
    except Exception:
        c.sql.exec_driver_sql("ROLLBACK TO SAVEPOINT task")
        del c.gone[kept:]
        raise
    c.sql.exec_driver_sql("RELEASE SAVEPOINT task")
