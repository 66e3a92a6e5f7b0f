"""Every figure of two years, against a slow and obvious computation of the same."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

import naive
import pytest
from program import NOW, START, Program
from stores import a_candidate, a_thread, an_ambassador

from relay.reports import make
from relay.reports.breakdown import topic_of, week_of
from relay.reports.values import By, Figure, Period, Report
from storage import events, people
from storage.changes import apply
from storage.database import Database
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.people import Ambassador
from storage.records.threads import ThreadState

SPANS = {
    "all two years": (START, NOW),
    "the last quarter": (NOW - timedelta(days=90), NOW),
    "a month of the past": (START + timedelta(days=200), START + timedelta(days=230)),
}


def in_the_week(_: Ambassador, start: datetime, end: datetime) -> timedelta:
    """Working time is a third of all time."""
    return (end - start) / 3


@pytest.fixture(scope="module")
def program() -> Program:
    return Program(contacts=1500)


@pytest.fixture(scope="module")
def happened(program: Program) -> list[Event]:
    return program.events()


@pytest.fixture
def filled(database: Database, program: Program, happened: list[Event]) -> Database:
    with database.write() as c:
        people.save_ambassadors(c, program.people)
        events.add(c, happened)
    return database


def reported(
    database: Database, since: datetime, until: datetime, by: By = By.AMBASSADOR
) -> Report:
    with database.read() as c:
        return make.report(
            c, since, until, by, NOW, lambda _: lambda start, end: (end - start) // 3
        )


def within(happened: Iterable[Event], period: Period) -> list[Event]:
    return [each for each in happened if period.since <= each.at < period.until]


def same(figure: Figure, wanted: naive.Value) -> bool:
    return figure.value == pytest.approx(wanted[0]) and figure.n == wanted[1]


NOT_FROM_EVENTS = {"waiting", "reminded", "hires", "hired_through", "hired_referred"}
LOAD = {"minutes", "minutes_p90", "spread"}


@pytest.mark.parametrize("span", SPANS)
def test_every_figure_is_what_the_obvious_way_gives(filled, happened, program, span):
    report = reported(filled, *SPANS[span])
    known = {each.id: each for each in program.people}
    for period, side in ((report.period, "now"), (report.period.before(), "before")):
        wanted = naive.figures(within(happened, period), period.until, known, in_the_week)
        lines = [getattr(line, side) for section in report.sections for line in section.lines]
        compared = 0
        for figure in lines:
            if figure.key in NOT_FROM_EVENTS | LOAD or figure.withheld:
                continue
            assert same(figure, wanted.get(figure.key, (0, None))), (
                side,
                figure,
                wanted[figure.key],
            )
            compared += 1
        assert compared > 40


@pytest.mark.parametrize("by", By)
def test_every_row_is_what_the_obvious_way_gives_for_its_group(filled, happened, program, by):
    report = reported(filled, *SPANS["the last quarter"], by)
    known = {each.id: each for each in program.people}
    seen = within(happened, report.period)
    groups: dict[str, list[naive.Contact]] = defaultdict(list)
    refused: dict[str, int] = defaultdict(int)

    def group(event: Event) -> str:
        person = known[event.ambassador_id or ""]
        return {
            By.WEEK: week_of(event.at),
            By.AMBASSADOR: person.name,
            By.TOPIC: topic_of(person),
            By.SOURCE: event.detail.get("source", ""),
        }[by]

    for contact in naive.contacts(seen, report.period.until):
        groups[group(contact.first)].append(contact)
    for event in seen:
        if event.kind is EventKind.REFUSED and not event.thread_id:
            refused[group(event)] += 1
    shown = [row for row in report.breakdown.rows if not row.figures[0].withheld]
    assert len(shown) >= 3
    for row in shown:
        wanted = naive.row(groups[row.key], refused[row.key], known, in_the_week)
        for figure in row.figures:
            assert figure.withheld or figure.value == pytest.approx(wanted[figure.key]), figure
        assert sum(figure.withheld for figure in row.figures) < 6


def test_the_rest_is_the_sum_of_what_is_withheld(filled, happened, program):
    report = reported(filled, *SPANS["the last quarter"])
    hidden = {row.key for row in report.breakdown.rows if row.figures[0].withheld}
    known = {each.id: each for each in program.people}
    contacts = [
        each
        for each in naive.contacts(within(happened, report.period), report.period.until)
        if known[each.first.ambassador_id or ""].name in hidden
    ]
    assert report.breakdown.rest is not None
    by_key = {figure.key: figure.value for figure in report.breakdown.rest.figures}
    assert by_key["contacts"] == len(contacts) >= 5
    assert by_key["hired"] == sum(each.step >= 6 for each in contacts)


def test_the_minutes_of_each_ambassador_are_read_and_written_words(filled, happened, program):
    report = reported(filled, *SPANS["the last quarter"])
    wanted = naive.minutes(within(happened, report.period), report.period.until)
    shown = {row.key: row.figures[0].value for row in report.loads}
    for each in program.people:
        assert shown.get(each.name, 0.0) == pytest.approx(
            float(wanted[each.id]) / report.period.weeks
        )
    spent = [float(value) / report.period.weeks for value in wanted.values() if value]
    load = {line.now.key: line.now for section in report.sections for line in section.lines}
    assert load["minutes"].value == pytest.approx(statistics.median(spent))
    deciles = statistics.quantiles(spent, n=10, method="inclusive")
    assert load["minutes_p90"].value == pytest.approx(deciles[8])
    difference = statistics.mean(abs(one - other) for one in spent for other in spent)
    assert load["spread"].value == pytest.approx(difference / 2 / statistics.mean(spent))


def test_the_weeks_add_up_to_the_whole_where_none_is_withheld(filled):
    report = reported(filled, *SPANS["all two years"], By.WEEK)
    assert len(report.weeks) == 106
    figures = [row.figures[0] for row in report.weeks]
    if not any(figure.withheld for figure in figures):
        total = next(
            line.now.value for line in report.sections[0].lines if line.now.key == "contacts"
        )
        assert sum(figure.value or 0 for figure in figures) == total


def test_nothing_at_all_gives_a_report_of_zeros_and_no_rates(database: Database):
    report = reported(database, NOW - timedelta(days=30), NOW)
    for section in report.sections:
        for line in section.lines:
            assert line.now.value in (0, None), line
            assert line.now.n in (0, None), line
            assert not line.now.withheld, line
    assert report.breakdown.rows == ()
    assert report.loads == ()


def test_what_waits_now_counts_whenever_it_began(database: Database):

    alex = an_ambassador()
    states = [ThreadState.WAITING, ThreadState.NUDGED, ThreadState.ESCALATED, ThreadState.ANSWERED]
    candidates = [a_candidate() for _ in states]
    long_ago = NOW - timedelta(days=900)
    threads = [
        a_thread(alex, candidate, state=state, opened_at=long_ago)
        for candidate, state in zip(candidates, states, strict=True)
    ]
    with database.write() as c:
        changes = Changes((alex,), tuple(candidates), tuple(threads))
        apply(c, changes, NOW)
    lines = {
        line.now.key: line
        for section in reported(database, NOW - timedelta(days=30), NOW).sections
        for line in section.lines
    }
    assert (lines["waiting"].now.value, lines["reminded"].now.value) == (3, 2)
    assert lines["waiting"].before.value is None
