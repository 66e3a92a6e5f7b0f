"""Working time between two moments, as the follow-ups count it, for a great many moments."""

from __future__ import annotations

from functools import cache

from config.settings import FollowupSettings
from relay.reports.tally import WorkingTime
from relay.reports.values import Period
from relay.threads import hours
from relay.threads.followup import calendar


def working_time(period: Period, followup: FollowupSettings) -> WorkingTime:
    """For moments in the period and the one before, with which it is compared."""

    @cache
    def meter(place: hours.Calendar) -> hours.Meter:
        return hours.meter(period.before().since, period.until, place)

    return lambda ambassador: meter(calendar(ambassador, followup))
