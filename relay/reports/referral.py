"""Who gets the credit for a new colleague: whoever answered first, from a record without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from relay.reports.applicants import Hire
from storage import changes, people, referrals, threads
from storage.database import Connection
from storage.mint import Mint
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.threads import Stage
from storage.referrals import Hires, Referral


@dataclass(frozen=True, slots=True)
class Credit:
    """One first contact and who would share the credit for it, by their names.

    `earned`: it is the one that counts. `until` is when it stops to count.
    """

    thread_id: str
    ambassador: str
    contacted_at: datetime
    answered_at: datetime | None
    recommended_at: datetime | None
    hired_at: datetime | None
    until: datetime
    shared_by: tuple[str, ...]
    earned: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What a list of hires told: how many there were, how many came through whom."""

    hires: int
    through: int
    by_ambassador: Counter[str]


def earning(known: Sequence[Referral], window: timedelta, hired_at: datetime) -> Referral | None:
    """The first contact that earns the credit for somebody hired then: of those within the window
    the one that was answered first."""
    answered = [
        (each.answered_at, each.contacted_at, each.thread_id, each)
        for each in known
        if each.answered_at and each.answered_at <= hired_at <= each.contacted_at + window
    ]
    return min(answered)[-1] if answered else None


def sharing(referral: Referral, names: Mapping[str, str]) -> tuple[str, ...]:
    """Who shares the credit in equal parts: who was written to, who answered first and who
    recommended; one person, unless the conversation was handed over."""
    shared = (
        names.get(referral.ambassador_id, referral.ambassador_id),
        referral.answered_by,
        names.get(referral.recommended_by or "", referral.recommended_by),
    )
    return tuple(dict.fromkeys(name for name in shared if name))


def check(c: Connection, address: str, window: timedelta, now: datetime) -> tuple[Credit, ...]:
    """All first contacts of this address, the oldest first, and which of them earns the credit if
    the person is hired now (or when they were, if that is known)."""
    known = referrals.of_address(c, address)
    hired_at = max((each.hired_at for each in known if each.hired_at), default=now)
    earned = earning(known, window, hired_at)
    return _credits(c, known, window, {earned.thread_id} if earned else set())


def listing(c: Connection, window: timedelta) -> tuple[Credit, ...]:
    """Every first contact that was answered; `earned` where the person was hired in time."""
    known = [each for each in referrals.listing(c) if each.answered_at]
    hired = ((each, each.hired_at) for each in known)
    earned = {each.thread_id for each, at in hired if at and earning((each,), window, at)}
    return _credits(c, known, window, earned)


def _credits(
    c: Connection, known: Iterable[Referral], window: timedelta, earned: set[str]
) -> tuple[Credit, ...]:
    names = {each.id: each.name for each in people.ambassadors(c)}
    return tuple(
        Credit(
            each.thread_id,
            names.get(each.ambassador_id, each.ambassador_id),
            each.contacted_at,
            each.answered_at,
            each.recommended_at,
            each.hired_at,
            each.contacted_at + window,
            sharing(each, names),
            each.thread_id in earned,
        )
        for each in known
    )


def import_hires(
    c: Connection, hires: Sequence[Hire], window: timedelta, mint: Mint, now: datetime
) -> Imported:
    """Take over who was hired, in a transaction that writes.

    Of people who never wrote nothing is kept but their number. The list counts for every day from
    its first to its last; one that is imported again changes nothing.
    """
    names = {each.id: each.name for each in people.ambassadors(c)}
    by_ambassador: Counter[str] = Counter()
    days: dict[datetime, Hires] = {}
    for hire in hires:
        earned = earning(_known(c, hire), window, hire.day + timedelta(days=1))
        if earned:
            by_ambassador.update(sharing(earned, names))
        if earned and earned.hired_at is None:
            changes.apply(c, _reached(c, earned, hire.day, mint), now)
        days[hire.day] = _counted(days.get(hire.day, Hires(hire.day, 0)), hire, bool(earned))
    referrals.save_hires(c, tuple(days.values()))
    return Imported(len(hires), sum(each.through for each in days.values()), by_ambassador)


def _counted(day: Hires, hire: Hire, through: bool) -> Hires:
    referred = day.referred + (hire.referred or through)
    return Hires(day.day, day.number + 1, referred, day.through + through)


def _reached(c: Connection, earned: Referral, day: datetime, mint: Mint) -> Changes:
    """The step to `hired` in the thread, and in the report."""
    detail = {"stage": Stage.HIRED.value}
    kind, thread_id = EventKind.STAGE_REACHED, earned.thread_id
    event = Event(mint.id(day), day, kind, thread_id, earned.ambassador_id, detail)
    thread = threads.thread(c, thread_id)
    moved = () if thread is None else (replace(thread, stage=Stage.HIRED),)
    return Changes(threads=moved, events=(event,))


def _known(c: Connection, hire: Hire) -> list[Referral]:
    return [each for address in hire.addresses for each in referrals.of_address(c, address)]
