"""Whatever the period holds, no format tells of fewer than five people, not by subtraction either."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from stores import an_ambassador

from relay.reports import breakdown, render
from relay.reports.make import History, Program, compose
from relay.reports.values import By, Period, Report
from relay.reports.withholding import too_small
from storage.columns import micros
from storage.records.people import Ambassador
from storage.referrals import Hires
from storage.stories import Story

UNTIL = datetime(2026, 3, 2, tzinfo=UTC)
PERIOD = Period(UNTIL - timedelta(days=28), UNTIL)
NOBODY = Hires(UNTIL, 0)
TOPICS = {"ann": ("python",), "bob": ("python", "data"), "cem": ("data",), "dee": ()}
PEOPLE = {name: an_ambassador(name, id=name, topics=topics) for name, topics in TOPICS.items()}


@st.composite
def stories(draw: st.DrawFn) -> Story:
    opened = micros(PERIOD.since) + draw(st.integers(0, 27)) * 24 * 3600 * 1_000_000
    answered = draw(st.one_of(st.none(), st.integers(1, 100)))
    outcome = draw(st.sampled_from(["forwarded", "forwarded", "held", "refused"]))
    reached = opened if outcome == "forwarded" else None
    return Story(
        opened=opened,
        outcome=outcome,
        ambassador_id=draw(st.sampled_from([*PEOPLE, "ann", "ann", "bob"])),
        source=draw(st.sampled_from(["", "", "", "pycon", "blog"])),
        reached=reached,
        answered=opened + answered * 3600 * 1_000_000 if answered and reached else None,
    )


def reported(told: list[Story], by: By) -> Report:
    program = Program(PEOPLE, Counter(), lambda _: lambda start, end: (end - start) // 3)
    before = History(PERIOD.before(), [], [], NOBODY)
    return compose(History(PERIOD, told, [], NOBODY), before, program, by, UNTIL)


def key_of(story: Story, by: By) -> str:
    person: Ambassador = PEOPLE[story.ambassador_id]
    week = datetime.fromtimestamp(story.opened / 1_000_000, UTC)
    return {
        By.WEEK: breakdown.week_of(week),
        By.AMBASSADOR: person.name,
        By.TOPIC: breakdown.topic_of(person),
        By.SOURCE: story.source,
    }[by]


MANY = st.lists(stories(), min_size=5, max_size=60)
HISTORIES = settings(max_examples=60, deadline=None)


@given(MANY, st.sampled_from(By))
@HISTORIES
def test_every_row_and_what_all_the_others_leave_is_nobody_or_at_least_five(told, by):
    report = reported(told, by)
    hidden = {row.key for row in report.breakdown.rows if row.figures[0].withheld}
    wrote = Counter(key_of(each, by) for each in told)
    let_in = Counter(key_of(each, by) for each in told if each.outcome != "refused")
    for size in (wrote, let_in):
        for row in report.breakdown.rows:
            assert row.key in hidden or not too_small(size[row.key])
        if hidden != set(wrote):
            assert not too_small(sum(size[key] for key in hidden))


@given(MANY, st.sampled_from(By))
@HISTORIES
def test_every_rate_of_a_row_stands_on_nobody_or_at_least_five(told, by):
    report = reported(told, by)
    for row in report.breakdown.rows:
        for figure in row.figures:
            assert not too_small(figure.n or 0)
            if figure.withheld:
                assert (figure.value, figure.n) == (None, None)


@given(MANY, st.sampled_from(By))
@HISTORIES
def test_the_n_of_a_rate_cannot_be_had_from_the_whole_and_the_other_rows(told, by):
    report = reported(told, by)
    whole = report.figure("precision").now
    rest = report.breakdown.rest
    cells = [row.figures for row in report.breakdown.rows] + ([rest.figures] if rest else [])
    shown = [each for figures in cells for each in figures if each.key == "precision"]
    if any(not figure.withheld and figure.n for figure in shown) and whole.n is not None:
        assert not too_small(whole.n - sum(figure.n or 0 for figure in shown))


@given(MANY)
@HISTORIES
def test_a_topic_says_nothing_of_the_few_beside_the_ambassadors_that_are_shown(told):
    report = reported(told, By.TOPIC)
    new = {row.key: row.figures[1].n for row in report.loads if not row.figures[1].withheld}
    shown = {row.key: row.figures[0].value for row in report.breakdown.rows}
    for topic, contacts in shown.items():
        if contacts is None:
            continue
        of_topic = [each.name for each in PEOPLE.values() if breakdown.topic_of(each) == topic]
        left = contacts - sum(new.get(name) or 0 for name in of_topic)
        assert not too_small(int(left))


@given(MANY)
@HISTORIES
def test_every_format_withholds_the_same(told):
    report = reported(told, By.AMBASSADOR)
    hidden = {row.key for row in report.breakdown.rows if row.figures[0].withheld}
    document = json.loads(render.json(report))
    for row in document["by_ambassador"]:
        contacts = row["figures"]["contacts"]
        assert contacts["withheld"] == (row["key"] in hidden)
        assert (contacts["value"] is None) == (row["key"] in hidden)
    for line in csv.DictReader(io.StringIO(render.csv(report), newline="")):
        if line["section"] == "by_ambassador" and line["group"] in hidden:
            assert (line["value"], line["n"]) == ("withheld", "withheld")
    if hidden:
        assert "withheld" in render.table(report)
        assert "withheld" in render.html(report)


def test_a_whole_program_of_four_shows_its_counts_and_no_rate():
    opened = micros(PERIOD.since)
    report = reported([Story(opened, "forwarded", "ann", reached=opened)] * 4, By.AMBASSADOR)
    assert report.figure("contacts").now.value == 4
    assert report.figure("precision").now.withheld
    assert report.figure("funnel:contact").now.withheld
    assert [row.key for row in report.breakdown.rows if row.figures[0].withheld] == ["ann"]
