"""The report of a period: read, add up, withhold what is too small, and compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from relay.reports import breakdown, figures, load, measures
from relay.reports.breakdown import Groups
from relay.reports.facts import Facts
from relay.reports.fold import fold
from relay.reports.sections import sections
from relay.reports.tally import Tally, WorkingTime
from relay.reports.values import By, Period, Report, Row
from relay.reports.withholding import withheld
from storage import events, people, threads
from storage.database import Connection
from storage.history import Count, Story
from storage.records import Ambassador, ThreadState

_WAITING = (ThreadState.WAITING, ThreadState.NUDGED, ThreadState.ESCALATED)


@dataclass(frozen=True, slots=True)
class History:
    """What was read about one period; the stories can be gone through once."""

    period: Period
    stories: Iterable[Story]
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """What was read about the program as it stands now."""

    ambassadors: Mapping[str, Ambassador]
    open: Mapping[ThreadState, int]
    working_time: WorkingTime


def report(
    connection: Connection,
    since: datetime,
    until: datetime,
    by: By,
    now: datetime,
    working_time: WorkingTime,
) -> Report:
    """What happened from `since` up to `until`, beside the period of the same length before.

    `working_time` says how much of an ambassador's working time lies between two moments.
    """
    period = Period(since, until)
    states = Counter(thread.state for thread in threads.listing(connection))
    ambassadors = {each.id: each for each in people.ambassadors(connection)}
    program = Program(ambassadors, states, working_time)
    return compose(_read(connection, period), _read(connection, period.before()), program, by, now)


def _read(connection: Connection, period: Period) -> History:
    return History(period, *fold(events.between(connection, period.since, period.until)))


def compose(this: History, before: History, program: Program, by: By, now: datetime) -> Report:
    """The report of what was read. Pure."""
    groups, facts = _added_up(this, program, by)
    _, facts_before = _added_up(before, program, by)
    waiting = sum(program.open.get(state, 0) for state in _WAITING)
    facts = Facts(
        facts.period,
        facts.tally,
        facts.counts,
        waiting,
        waiting - program.open.get(ThreadState.WAITING, 0),
    )
    ambassadors = program.ambassadors
    return Report(
        made_at=now,
        period=this.period,
        sections=sections(facts, facts_before),
        breakdown=breakdown.rows(groups, ambassadors, by),
        funnel=figures.funnel(facts.tally),
        answers=figures.answer_classes(facts.tally),
        weeks=_weeks(groups, this.period),
        loads=load.rows(groups, facts, ambassadors),
        basis=_basis(facts, now),
    )


def _added_up(history: History, program: Program, by: By) -> tuple[Groups, Facts]:
    groups = breakdown.grouped(
        history.stories, history.period, program.ambassadors, by, program.working_time
    )
    whole = Tally()
    for tally in groups.rows.values():
        whole.merge(tally)
    return groups, Facts(history.period, whole, history.counts)


def _weeks(groups: Groups, period: Period) -> tuple[Row, ...]:
    """New contacts in each week of the period, also in those without any."""
    hidden = withheld({week: breakdown.sizes(count) for week, count in groups.weeks.items()})
    rows = []
    for week in _weeks_of(period):
        number = groups.weeks[week][True] if week in groups.weeks else 0
        figure = measures.count("contacts", "New contacts", number)
        rows.append(Row(week, (figure.hidden() if week in hidden else figure,), week in hidden))
    return tuple(rows)


def _weeks_of(period: Period) -> Iterable[str]:
    days = (period.until - period.since).days + 1
    moments = [period.since + timedelta(days=number) for number in range(days)]
    return dict.fromkeys(breakdown.week_of(at) for at in moments if at < period.until)


def _basis(facts: Facts, now: datetime) -> str:
    happened = sum(count.number for count in facts.counts)
    return (
        f"Made on {now:%Y-%m-%d at %H:%M} UTC from {happened:,} events. "
        "Metadata alone: no address, subject or body was read."
    )
