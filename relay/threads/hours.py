"""Working time: the hours, week and public holidays of one person's place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from storage.columns import MICROSECOND, micros

OPENS, CLOSES = time(9), time(17)
HORIZON = timedelta(days=370)  # no due time lies further ahead


Meter = Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works. With `always`, every hour of every day counts."""

    timezone: str = "UTC"
    country: str = ""
    always: bool = False


def after(start: datetime, working: timedelta, calendar: Calendar) -> datetime:
    """The moment at which `working` time has passed since `start`; both aware, the result in UTC.

    Counted in UTC between local opening hours: a change of clocks neither adds nor drops an hour.
    """
    if calendar.always:
        return start.astimezone(UTC) + working
    left = working
    for opens, closes in _shifts(start, calendar):
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    return start.astimezone(UTC) + HORIZON


def soonest(moment: datetime, calendar: Calendar) -> datetime:
    """The moment itself if it lies within working hours, else when work begins again; in UTC."""
    return after(moment, timedelta(), calendar)


def between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much working time lies between two aware moments; zero if `end` is not later."""
    if calendar.always:
        return max(end - start, timedelta())
    total = timedelta()
    for opens, closes in _shifts(start, calendar):
        if opens >= end:
            break
        total += max(min(closes, end) - max(opens, start), timedelta())
    return total


def meter(since: datetime, until: datetime, calendar: Calendar) -> Meter:
    """`between` for a great many pairs of moments that lie from `since` to `until`.

    Both moments and what lies between them are whole microseconds, since 1970 as they are stored.
    """
    if calendar.always:
        return lambda start, end: max(end - start, 0)
    shifts = tuple(_shifts(since, calendar, until - since + timedelta(days=1)))
    opening = [micros(opens) for opens, _ in shifts]
    lengths = [(closes - opens) // MICROSECOND for opens, closes in shifts]
    worked = tuple(accumulate(lengths, initial=0))

    def worked_until(moment: int) -> int:
        last = bisect_right(opening, moment) - 1
        return worked[last] + min(moment - opening[last], lengths[last]) if last >= 0 else 0

    return lambda start, end: max(worked_until(end) - worked_until(start), 0)


def at_work(moment: datetime, calendar: Calendar) -> bool:
    """Whether the moment lies within working hours."""
    return calendar.always or any(
        opens <= moment < closes for opens, closes in _shifts(moment, calendar, timedelta(days=1))
    )


def _shifts(
    start: datetime, calendar: Calendar, horizon: timedelta = HORIZON
) -> Iterator[tuple[datetime, datetime]]:
    """The opening hours that end after `start`, as pairs in UTC, for at most the horizon."""
    zone = ZoneInfo(calendar.timezone)
    first = start.astimezone(zone).date()
    for number in range(horizon.days + 1):
        day = first + timedelta(days=number)
        if _works_on(day, calendar.country):
            opens = datetime.combine(day, OPENS, zone).astimezone(UTC)
            closes = datetime.combine(day, CLOSES, zone).astimezone(UTC)
            if closes > start:
                yield opens, closes


@lru_cache(maxsize=4096)
def _works_on(day: date, country: str) -> bool:
    if not country:
        return day.weekday() < 5
    return _is_working_day(country)(day)


@lru_cache(maxsize=64)
def _is_working_day(country: str) -> Callable[[date], bool]:
    # Imported when somebody's country is known: it takes long.
    from holidays import country_holidays

    found: Callable[[date], bool] = country_holidays(country).is_working_day
    return found


def local(day: date, clock: time, timezone: str) -> datetime:
    """A time of a day somewhere, in UTC."""
    return datetime.combine(day, clock, ZoneInfo(timezone)).astimezone(UTC)


def day_in(timezone: str, moment: datetime) -> date:
    """The day that it is somewhere at that moment."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def known_country(country: str) -> bool:
    """Whether public holidays are known for this two-letter code (ISO 3166-1)."""
    from holidays import list_supported_countries

    return country in list_supported_countries()
