"""The report that is mailed once for each whole period."""

from __future__ import annotations

from datetime import timedelta

from config.settings import Settings
from relay.notices import Pen
from relay.reports import mailing, make
from relay.reports.clock import working_time
from relay.reports.values import By
from storage import claims, counts
from storage.database import Connection
from storage.records.changes import Changes
from storage.records.once import Claim

_REMEMBERED = timedelta(days=400)


def due(connection: Connection, settings: Settings, pen: Pen) -> Changes:
    """The mails of the last period to its readers, if they are not sent; none of an empty past."""
    every = settings.report.every
    period = mailing.last_period(every, pen.now)
    key = mailing.period_key(every, period)
    oldest = counts.oldest(connection)
    if oldest is None or oldest >= period.until or claims.claimed(connection, (key,), pen.now):
        return Changes()
    clock = working_time(period, settings.followup)
    made = make.report(connection, period.since, period.until, By.AMBASSADOR, pen.now, clock)
    once = Claim(key, pen.now + _REMEMBERED)
    return Changes(outgoing=mailing.mails(made, settings.report.mail_to, pen), claims=(once,))
