"""The one way by which decisions are written: Changes, all of it or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exc

from storage import (
    blocks,
    claims,
    digests,
    erasure,
    events,
    items,
    lessons,
    likenesses,
    message_ids,
    people,
    rates,
    referrals,
    requests,
    threads,
)
from storage.contents import Spooled
from storage.database import Connection
from storage.failures import Conflict as Conflict
from storage.records.changes import Changes
from storage.records.mail import Outgoing

# What a broken promise of the tables is called: SQLite's extended codes, PostgreSQL's SQLSTATE.
_TAKEN_OR_GONE = frozenset(
    {
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_CONSTRAINT_FOREIGNKEY",
        "23505",  # unique_violation
        "23503",  # foreign_key_violation
    }
)


@dataclass(frozen=True, slots=True)
class Decided:
    """Changes, when they were decided, and by item id the contents that are spooled already."""

    changes: Changes
    now: datetime
    files: Mapping[str, Spooled] = field(default_factory=dict)


def apply(c: Connection, changes: Changes, now: datetime) -> tuple[str, ...]:
    """Write all of `changes`; the ids of what is to be sent now, which counts as told of.

    Raises Conflict if somebody else was first; the caller then rolls back to its savepoint.
    """
    return apply_all(c, (Decided(changes, now),))[0]


def apply_all(c: Connection, decided: Sequence[Decided]) -> tuple[tuple[str, ...], ...]:
    """`apply` for several at once, in fewer statements; a Conflict of one is a Conflict of all."""
    try:
        due = _write(c, decided)
    except exc.IntegrityError as problem:
        if _code(problem) in _TAKEN_OR_GONE:
            raise Conflict("something is taken or gone") from problem
        raise
    return tuple(tuple(one for one in _sendable(each.changes) if one in due) for each in decided)


def _write(c: Connection, decided: Sequence[Decided]) -> frozenset[str]:
    """In the order in which rows name each other; each statement takes its rows in one order."""
    for each in decided:
        referrals.drop(c, each.changes.unreferred)
        erasure.forget(c, each.changes.forgotten, each.now)
        people.save_ambassadors(c, each.changes.ambassadors)
    claims.take(c, [(one, each.now) for each in decided for one in each.changes.claims])
    people.save_candidates(c, [one for each in decided for one in each.changes.candidates])
    threads.save(c, [one for each in decided for one in each.changes.threads])
    message_ids.add(c, [one for each in decided for one in each.changes.message_ids])
    files = {item_id: name for each in decided for item_id, name in each.files.items()}
    due = items.add(c, _first_of_its_kind(c, decided), files)
    due |= items.settle(c, [(one, each.now) for each in decided for one in each.changes.settled])
    happened = [one for each in decided for one in each.changes.events]
    events.add(c, happened)
    referrals.note(c, happened)
    rates.hit(c, [(key, each.now) for each in decided for key in each.changes.hits])
    requests.answer(c, [one for each in decided for one in each.changes.answered])
    requests.add(c, [one for each in decided for one in each.changes.requests])
    blocks.add(c, [one for each in decided for one in each.changes.blocks])
    blocks.remove(c, [one for each in decided for one in each.changes.unblocked])
    likenesses.add(c, [one for each in decided for one in each.changes.likenesses])
    lessons.add(c, [one for each in decided for one in each.changes.lessons])
    lessons.teach(c, [one for each in decided for one in each.changes.taught])
    digests.save(c, [one for each in decided for one in each.changes.digests])
    return due


def _first_of_its_kind(
    c: Connection, decided: Sequence[Decided]
) -> list[tuple[Outgoing, datetime]]:
    """What is to be stored: notices that go out once at most only if they are the first."""
    return [
        (one, each.now)
        for each in decided
        for one in each.changes.outgoing
        if one.once is None or claims.free(c, one.once, each.now)
    ]


def _sendable(changes: Changes) -> list[str]:
    return [one.id for one in changes.outgoing] + [one.item_id for one in changes.settled]


def _code(problem: exc.IntegrityError) -> str:
    original = problem.orig
    return getattr(original, "sqlite_errorname", "") or getattr(original, "sqlstate", "") or ""
