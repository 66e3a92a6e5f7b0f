"""The report by mail: once for a period, to its readers, with the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from town import ALEX, DANA, PEER, Town, a_town

from config.settings import Every
from relay.reports.mailing import last_period
from storage.database import Database

HR = ["hr@corp.example.test", "people@corp.example.test"]
THURSDAY = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("every", "since", "until"),
    [
        (Every.DAILY, "2026-12-30", "2026-12-31"),
        (Every.WEEKLY, "2026-12-21", "2026-12-28"),
        (Every.MONTHLY, "2026-11-01", "2026-12-01"),
    ],
)
def test_the_last_whole_period_is_told_of(every: Every, since: str, until: str) -> None:
    for later in (timedelta(), timedelta(minutes=20)):
        period = last_period(every, THURSDAY + later)
        assert (f"{period.since:%Y-%m-%d}", f"{period.until:%Y-%m-%d}") == (since, until)
    after = last_period(Every.MONTHLY, THURSDAY + timedelta(hours=1))
    assert (after.since.month, after.until.month) == (12, 1)


@pytest.fixture
def town(sqlite_database: Database, tmp_path: Path) -> Iterator[Town]:
    with a_town(sqlite_database, tmp_path, report__mail_to=HR) as made:
        made.send(f"Dana Keller <{DANA}>", PEER, "How do you run migrations?")
        made.send(ALEX, made.last(ALEX).answers_to, "Hi Dana.")
        yield made


def report(town: Town) -> None:
    for scheduler in town.schedulers:
        scheduler.report()


def test_each_week_is_mailed_once_to_each_reader_whoever_looks_and_when(town: Town) -> None:
    report(town)
    assert town.got(HR[0]) == []  # the first week is not over
    town.now += 7 * DAY
    for _ in range(3):
        report(town)
        town.restart()
        town.now += timedelta(hours=1)
    assert [len(town.got(one)) for one in HR] == [1, 1]
    town.now += 7 * DAY
    report(town)
    assert [len(town.got(one)) for one in HR] == [2, 2]


def test_it_shows_the_figures_and_has_the_page_with_it(town: Town) -> None:
    town.now += 7 * DAY
    report(town)
    mail = town.last(HR[0])
    assert mail.ours
    assert "from Monday, 16 November to Sunday, 22 November" in mail.subject
    assert "- New contacts: 1 (0)" in mail.message.get_body(("plain",)).get_content()
    (page,) = mail.message.iter_attachments()
    assert page.get_filename() == "report-2026-11-16.html"
    assert page.get_content().startswith("<!DOCTYPE html>")
    for hidden in (b"mailer.test", b"corp.example.test", b"Keller"):
        assert hidden not in mail.content.replace(HR[0].encode(), b"")


def test_an_empty_past_is_not_told_of(sqlite_database: Database, tmp_path: Path) -> None:
    with a_town(sqlite_database, tmp_path, report__mail_to=HR) as town:
        town.now += 30 * DAY
        report(town)
        assert town.got(HR[0]) == []


def test_where_nobody_is_named_nobody_gets_it(sqlite_database: Database, tmp_path: Path) -> None:
    with a_town(sqlite_database, tmp_path) as town:
        town.send(DANA, PEER)
        town.now += 30 * DAY
        report(town)
        assert len(town.got(ALEX)) == len(town.posted) == 1
