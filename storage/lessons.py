"""What this company's decisions taught screening: weights alone, and each can be taken back.

Of a first contact its lesson is kept, sealed: what welcoming it or turning it away would add to the
weights. A decision adds one of the two to the sums, which is all that screening reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from sqlalchemy import bindparam, delete, select

from storage.database import Connection
from storage.records.screening import Lesson, Taught
from storage.schema import corrections, lessons
from storage.upserts import Insert, inserting

_WEIGHTS = "lessons.weights"
_WELCOME, _UNWELCOME = "welcome", "unwelcome"

_SUMS = select(corrections.c.name, corrections.c.value)
_LESSON = select(lessons).where(lessons.c.thread_id == bindparam("thread"))
_COUNT = (
    lessons.update()
    .where(lessons.c.thread_id == bindparam("thread"))
    .values(counted=bindparam("which"))
)
_DROP = delete(lessons).where(lessons.c.thread_id.in_(bindparam("ids", expanding=True)))


def learned(c: Connection) -> dict[str, float]:
    """What all decisions together add to each weight."""
    return {row.name: row.value for row in c.sql.execute(_SUMS)}


def add(c: Connection, new: Iterable[Lesson]) -> None:
    """Keep what there is to learn from these first contacts, once somebody decides on them."""
    rows = [
        {
            "thread_id": one.thread_id,
            "weights": c.vault.seal_text(
                json.dumps({_WELCOME: dict(one.welcome), _UNWELCOME: dict(one.unwelcome)}),
                _WEIGHTS,
            ),
            "counted": "",
        }
        for one in new
    ]
    if rows:
        c.sql.execute(lessons.insert(), rows)


def teach(c: Connection, decisions: Iterable[Taught]) -> None:
    """Count these decisions; where nothing was weighed there is nothing to learn."""
    for one in sorted(decisions, key=lambda decision: decision.thread_id):
        _count(c, one.thread_id, _WELCOME if one.welcome else _UNWELCOME)


def unlearn(c: Connection, thread_ids: Iterable[str]) -> None:
    """As if nobody had decided on these, and nothing had been weighed."""
    ids = sorted(thread_ids)
    for thread_id in ids:
        _count(c, thread_id, "")
    drop(c, ids)


def kept(c: Connection, thread_id: str) -> bool:
    """Whether a lesson of this thread is kept."""
    return c.sql.execute(_LESSON, {"thread": thread_id}).first() is not None


def drop(c: Connection, thread_ids: Sequence[str]) -> None:
    """Forget the lessons of these threads; what was counted of them stays."""
    if thread_ids:
        c.sql.execute(_DROP, {"ids": list(thread_ids)})


def _count(c: Connection, thread_id: str, which: str) -> None:
    """Which decision counts in this thread: what another one added is taken away."""
    row = c.sql.execute(_LESSON, {"thread": thread_id}).first()
    if row is None or row.counted == which:
        return
    weights = json.loads(c.vault.open_text(row.weights, _WEIGHTS))
    _move(c, weights.get(row.counted, {}), -1)
    _move(c, weights.get(which, {}), 1)
    c.sql.execute(_COUNT, {"thread": thread_id, "which": which})


def _move(c: Connection, weights: Mapping[str, float], sign: int) -> None:
    rows = [{"name": name, "value": sign * value} for name, value in sorted(weights.items())]
    if rows:
        c.sql.execute(_adding(c.sql.dialect.name), rows)


@cache
def _adding(dialect: str) -> Insert:
    statement = inserting(dialect, corrections)
    return statement.on_conflict_do_update(
        index_elements=[corrections.c.name],
        set_={"value": corrections.c.value + statement.excluded.value},
    )
