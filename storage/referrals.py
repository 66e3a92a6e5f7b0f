"""The referral record: which ambassador a candidate wrote to, and when; the candidate as a digest.

It is kept as things happen, so that it can outlive the candidate's address.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select

from storage.columns import Moment
from storage.database import Connection
from storage.people import address_digest
from storage.records.events import Event, EventKind
from storage.records.threads import Stage
from storage.schema import candidates, hires, referrals, threads
from storage.upserts import Insert, inserting


@dataclass(frozen=True, slots=True)
class Referral:
    """One first contact of somebody with an ambassador. Who they are, nobody can read here."""

    thread_id: str
    ambassador_id: str
    contacted_at: datetime
    answered_at: datetime | None = None
    answered_by: str | None = None  # the name of whoever answered first
    recommended_at: datetime | None = None
    recommended_by: str | None = None  # an ambassador's id
    hired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hires:
    """How many people were hired on a day: all, by referral as others count it, and through us."""

    day: datetime
    number: int
    referred: int = 0
    through: int = 0


_NOTED = [
    referrals.c.thread_id,
    referrals.c.digest,
    referrals.c.ambassador_id,
    referrals.c.contacted_at,
]
_AT: Any = bindparam("happened_at", type_=Moment())
_BY: Any = bindparam("by")
_OF_THREAD = referrals.c.thread_id == bindparam("thread")
_CONTACTED = (
    select(threads.c.id, candidates.c.digest, threads.c.ambassador_id, _AT)
    .join(candidates, candidates.c.id == threads.c.candidate_id)
    .where(threads.c.id == bindparam("thread"))
)
_ANSWERED = (
    referrals.update()
    .where(_OF_THREAD, referrals.c.answered_at.is_(None))
    .values(answered_at=_AT, answered_by=_BY)
)
_RECOMMENDED = (
    referrals.update()
    .where(_OF_THREAD, referrals.c.recommended_at.is_(None))
    .values(recommended_at=_AT, recommended_by=_BY)
)
_HIRED = referrals.update().where(_OF_THREAD).values(hired_at=_AT)
_BY_TIME = (referrals.c.contacted_at, referrals.c.thread_id)
_OF_DIGEST = select(referrals).where(referrals.c.digest == bindparam("digest")).order_by(*_BY_TIME)
_ALL = select(referrals).order_by(*_BY_TIME)
_DROP = delete(referrals).where(
    referrals.c.digest.in_(
        select(candidates.c.digest).where(candidates.c.id.in_(bindparam("ids", expanding=True)))
    )
)
_PURGE = delete(referrals).where(referrals.c.contacted_at < bindparam("before"))
_SPAN = (hires.c.day >= bindparam("since"), hires.c.day < bindparam("until"))


def note(c: Connection, happened: Iterable[Event]) -> None:
    """Remember what of these events bears on the credit; their threads are stored already."""
    for event in happened:
        if event.thread_id is None:
            continue
        values = {"thread": event.thread_id, "happened_at": event.at}
        if event.kind is EventKind.CONTACTED:
            c.sql.execute(_noting(c.sql.dialect.name), values)
        elif event.kind is EventKind.AMBASSADOR_WROTE:
            c.sql.execute(_ANSWERED, values | {"by": event.detail.get("by", "")})
        elif event.kind is EventKind.STAGE_REACHED:
            _note_stage(c, event, values)


@cache
def _noting(dialect: str) -> Insert:
    return inserting(dialect, referrals).from_select(_NOTED, _CONTACTED).on_conflict_do_nothing()


def _note_stage(c: Connection, event: Event, values: dict[str, object]) -> None:
    if event.detail["stage"] == Stage.RECOMMENDED:
        c.sql.execute(_RECOMMENDED, values | {"by": event.ambassador_id})
    elif event.detail["stage"] == Stage.HIRED:
        c.sql.execute(_HIRED, values)


def of_address(c: Connection, address: str) -> tuple[Referral, ...]:
    """All first contacts of whoever wrote from this mailbox, the oldest first."""
    digest = {"digest": address_digest(c, address)}
    return tuple(_referral(row) for row in c.sql.execute(_OF_DIGEST, digest))


def listing(c: Connection) -> tuple[Referral, ...]:
    """All of them, the oldest first."""
    return tuple(_referral(row) for row in c.sql.execute(_ALL))


def hired(c: Connection, thread_id: str, at: datetime) -> None:
    """Remember that whoever wrote in this thread was hired."""
    c.sql.execute(_HIRED, {"thread": thread_id, "happened_at": at})


def drop(c: Connection, candidate_ids: Sequence[str]) -> None:
    """Erase the records of these candidates, who must still be there."""
    if candidate_ids:
        c.sql.execute(_DROP, {"ids": candidate_ids})


def purge(c: Connection, before: datetime) -> int:
    """Erase the records of first contacts before this moment; how many."""
    return c.sql.execute(_PURGE, {"before": before}).rowcount


def save_hires(c: Connection, days: Sequence[Hires]) -> None:
    """These are all the hires from the first to the last of these days; what was known is gone."""
    if not days:
        return
    known = [each.day for each in days]
    c.sql.execute(delete(hires).where(hires.c.day.between(min(known), max(known))))
    rows = [
        {"day": each.day, "number": each.number, "referred": each.referred, "through": each.through}
        for each in days
    ]
    c.sql.execute(hires.insert(), rows)


def hires_between(c: Connection, since: datetime, until: datetime) -> Hires:
    """The sum of the hires from `since` on and before `until`."""
    sums = (func.coalesce(func.sum(hires.c[name]), 0) for name in ("number", "referred", "through"))
    row = c.sql.execute(select(*sums).where(*_SPAN), {"since": since, "until": until}).one()
    return Hires(since, *(int(each) for each in row))


def _referral(row: Row[Any]) -> Referral:
    return Referral(
        row.thread_id,
        row.ambassador_id,
        row.contacted_at,
        row.answered_at,
        row.answered_by,
        row.recommended_at,
        row.recommended_by,
        row.hired_at,
    )
