"""The report as a mail: for which period it is due, and what stands in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from config.settings import Every
from relay.notices import Notice, Pen, Recipient, write
from relay.reports import render
from relay.reports.overview import lines
from relay.reports.values import Period, Report
from relay.reports.wording import with_n
from relay.writing import Attachment
from storage.records.mail import Outgoing

_DAY = timedelta(days=1)


def last_period(every: Every, now: datetime) -> Period:
    """The last whole day, week (from Monday) or month, in UTC."""
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    if every is Every.DAILY:
        return Period(today - _DAY, today)
    if every is Every.WEEKLY:
        until = today - today.weekday() * _DAY
        return Period(until - 7 * _DAY, until)
    until = today.replace(day=1)
    return Period((until - _DAY).replace(day=1), until)


def period_key(every: Every, period: Period) -> str:
    """Once for a period the report is mailed."""
    return f"report:{every}:{period.since:%Y-%m-%d}"


def mails(report: Report, readers: Iterable[str], pen: Pen) -> tuple[Outgoing, ...]:
    """The same figures for each reader: the first ones in the mail, all in the page with it."""
    figures = tuple((label, with_n(line.now), with_n(line.before)) for label, line in lines(report))
    last = report.period.until - _DAY
    facts = {"figures": figures, "since": report.period.since.date(), "until": last.date()}
    name = f"report-{report.period.since:%Y-%m-%d}.html"
    page = Attachment(name, "text/html", render.html(report))
    notice = Notice("report_mail", facts, attachment=page)
    return tuple(write(pen, notice, Recipient(reader)) for reader in readers)
