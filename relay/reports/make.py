"""The report of a period: read, add up, withhold what is too small, and compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from relay.reports import breakdown, figures, load, measures
from relay.reports.breakdown import Groups
from relay.reports.facts import Activity, Facts
from relay.reports.sections import sections
from relay.reports.tally import Tally, WorkingTime
from relay.reports.values import By, Period, Report, Row
from relay.reports.withholding import withheld
from storage import counts, people, referrals, stories
from storage.counts import Count
from storage.database import Connection
from storage.records.people import Ambassador
from storage.records.threads import ThreadState
from storage.referrals import Hires
from storage.stories import Story

Progress = Callable[[float], None]
Item = TypeVar("Item")

_WAITING = (ThreadState.WAITING, ThreadState.NUDGED, ThreadState.ESCALATED)


@dataclass(frozen=True, slots=True)
class History:
    """What was read about one period. Both can be gone through once, a page in memory at a time."""

    period: Period
    stories: Iterable[Story]
    counts: Iterable[Count]
    hires: Hires


@dataclass(frozen=True, slots=True)
class Program:
    """What was read about the program as it stands now.

    `working_time` finds how the working time of an ambassador is measured.
    """

    ambassadors: Mapping[str, Ambassador]
    states: Counter[ThreadState]
    working_time: WorkingTime
    oldest: datetime | None = None  # event that is still kept


def report(
    connection: Connection,
    since: datetime,
    until: datetime,
    by: By,
    now: datetime,
    working_time: WorkingTime,
    progress: Progress = lambda _: None,
) -> Report:
    """What happened from `since` up to `until`, beside the period of the same length before.

    `progress` is told the share of the work that is done, from 0 to 1.
    """
    period = Period(since, until)
    with connection.surveying():
        ambassadors = {each.id: each for each in people.ambassadors(connection)}
        states, oldest = counts.states(connection), counts.oldest(connection)
        program = Program(ambassadors, states, working_time, oldest)
        this = _read(connection, period, progress, 0.0)
        before = _read(connection, period.before(), progress, 0.5)
        return compose(this, before, program, by, now)


def _read(connection: Connection, period: Period, progress: Progress, done: float) -> History:
    span = (connection, period.since, period.until)
    counted = _telling(counts.counts(*span), progress, done + 0.2)
    told = _telling(stories.stories(*span), progress, done + 0.5)
    return History(period, told, counted, referrals.hires_between(*span))


def _telling(items: Iterable[Item], progress: Progress, done: float) -> Iterator[Item]:
    """The same items; when the last one is taken, so much of the work is done."""
    yield from items
    progress(done)


def compose(this: History, before: History, program: Program, by: By, now: datetime) -> Report:
    """The report of what was read. Pure."""
    groups, added_up = _added_up(this, program, by)
    _, facts_before = _added_up(before, program, by)
    waiting = sum(program.states[state] for state in _WAITING)
    reminded = waiting - program.states[ThreadState.WAITING]
    facts = replace(added_up, waiting=waiting, reminded=reminded)
    return Report(
        made_at=now,
        period=this.period,
        sections=sections(facts, facts_before),
        breakdown=breakdown.rows(groups, program.ambassadors, by),
        answers=figures.answer_classes(facts.tally),
        weeks=_weeks(groups, this.period),
        loads=load.rows(groups, facts, program.ambassadors),
        basis=_basis(facts, program.oldest, now),
    )


def _added_up(read: History, program: Program, by: By) -> tuple[Groups, Facts]:
    activity, whole = Activity(), Tally()
    activity.add(read.counts)
    groups = breakdown.grouped(
        read.stories, read.period, program.ambassadors, by, program.working_time, activity
    )
    for tally in groups.rows.values():
        whole.merge(tally)
    whole.settle()
    return groups, Facts(read.period, whole, activity, read.hires)


def _weeks(groups: Groups, period: Period) -> tuple[Row, ...]:
    """New contacts in each week of the period, also in those without any."""
    hidden = withheld({week: breakdown.sizes(count) for week, count in groups.weeks.items()})
    rows = []
    for week in _weeks_of(period):
        number = groups.weeks[week][True] if week in groups.weeks else 0
        figure = measures.count("contacts", "New contacts", number)
        rows.append(Row(week, week, (figure.hidden() if week in hidden else figure,)))
    return tuple(rows)


def _weeks_of(period: Period) -> Iterable[str]:
    days = (period.until - period.since).days
    moments = (period.since + timedelta(days=number) for number in range(days + 1))
    last = period.until - timedelta(microseconds=1)
    return dict.fromkeys(breakdown.week_of(min(at, last)) for at in (*moments, last))


def _basis(facts: Facts, oldest: datetime | None, now: datetime) -> str:
    happened = facts.activity.numbers.total() + facts.tally.outcomes.total()
    known = f" The oldest event that is kept is of {oldest:%Y-%m-%d}." if oldest else ""
    return (
        f"Made on {now:%Y-%m-%d at %H:%M} UTC from {happened:,} events. "
        f"Metadata alone: no address, subject or body was read.{known}"
    )
