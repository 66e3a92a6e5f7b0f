"""The report as a real browser shows it, on a desk and on a phone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from browser import CHROMIUM, DESKTOP, PHONE, Browser, chromium
from program import NOW, Program, ambassadors

from relay.reports import make, render
from relay.reports.values import By
from storage import events, people
from storage.database import Database
from storage.records.people import Ambassador

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs chromium (apt-get install chromium)"),
]

ACCESSIBLE = (Path(__file__).parents[2] / "kit" / "accessible.js").read_text()
LONG = "Maximiliana Konstantina Hildegard von und zu Weißenstein-Hohenlohe-Ingelfingen, " * 2
ARABIC = "محمد عبد الرحمن الأنصاري"
HOSTILE = "Eve\u202e<script>document.title='taken'</script>\x1b[31m"


def odd_names() -> list[Ambassador]:
    names = (LONG[:120], ARABIC, HOSTILE, "x" * 120)
    known = ambassadors(12)
    return [
        *(replace(one, display_name=name) for one, name in zip(known, names, strict=False)),
        *known[len(names) :],
    ]


# Who is there, how many contacts they got, and by what the rows stand.
PROGRAMS = {
    "nothing": ([], 0, By.AMBASSADOR),
    "one ambassador": (ambassadors(1), 12, By.AMBASSADOR),
    "odd names": (odd_names(), 300, By.AMBASSADOR),
    "two hundred": (ambassadors(200), 900, By.AMBASSADOR),
    "weeks": (ambassadors(12), 300, By.WEEK),
}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.fixture(params=PROGRAMS)
def page(request: pytest.FixtureRequest, sqlite_database: Database, tmp_path: Path) -> Path:
    known, contacts, by = PROGRAMS[request.param]
    since = NOW - timedelta(days=90)
    with sqlite_database.write() as c:
        people.save_ambassadors(c, known)
        if known:
            events.add(c, Program(known, contacts, since=since).events())
    with sqlite_database.read() as c:
        made = make.report(c, since, NOW, by, NOW, lambda _: lambda start, end: end - start)
    file = tmp_path / "report.html"
    file.write_text(render.html(made), encoding="utf-8")
    return file


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_shows_without_a_request_a_complaint_or_a_barrier(browser, page, size, tmp_path):
    visit = browser.open(page, size)
    assert visit.requests == []
    assert visit.complaints == []
    assert browser.evaluate(ACCESSIBLE) == []
    assert browser.evaluate("document.scripts.length") == 0
    assert browser.evaluate("document.title").startswith("Conversations")
    browser.screenshot(tmp_path / "page.png")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")


def test_no_bar_is_longer_than_its_track_and_no_label_meets_its_number(browser, page):
    browser.open(page, PHONE)
    overlaps = browser.evaluate(
        """[...document.querySelectorAll('svg')].flatMap(svg => {
            const box = svg.getBoundingClientRect();
            const texts = [...svg.querySelectorAll('text')].map(text => text.getBoundingClientRect());
            const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom - 2 && b.top < a.bottom - 2;
            const bad = texts.filter((a, i) => texts.some((b, j) => i < j && meet(a, b)));
            const out = [...svg.querySelectorAll('.bar, text')].filter(each => each.getBoundingClientRect().right > box.right + 1);
            return [...bad.map(() => 'texts meet'), ...out.map(each => each.outerHTML)];
        })"""
    )
    assert overlaps == []


def test_the_checker_finds_what_bars_the_way(browser, tmp_path):
    broken = tmp_path / "broken.html"
    broken.write_text(
        "<!DOCTYPE html><html><title></title><h1>A</h1><h3 style='color:#999'>B</h3><svg></svg>"
        "<table><tr><td>1</td></tr></table><img src='data:,'><input><a href='#'></a>"
        "<div style='width:3000px'>wide</div>"
    )
    browser.open(broken)
    barriers = " ".join(browser.evaluate(ACCESSIBLE))
    numbers = Counter({number: barriers.count(f"[{number}]") for number in WANTED})
    assert all(numbers.values()), numbers


WANTED = ("1.1.1", "1.3.1", "1.4.3", "1.4.10", "2.4.2", "2.4.4", "3.1.1", "4.1.2")
