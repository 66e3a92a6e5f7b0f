"""Days and spans of time as people write them, in English and German: `3d`, `2 Wochen`, `1 Dec`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from relay.threads.hours import day_in, local

FARTHEST = timedelta(days=366)

_UNITS = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "m": timedelta(days=30),
}
_SPAN = re.compile(
    r"(?P<number>\d{1,3}|an?|one|eine?[nm]?)\s?"
    r"(?:(?P<h>h|hours?|stunden?)|(?P<d>d|days?|tage?n?)|(?P<w>w|weeks?|wochen?)|(?P<m>months?|monate?n?))",
    re.IGNORECASE,
)
_MONTHS = (
    "jan(?:uary|uar)?|jänner",
    "feb(?:ruary|ruar)?",
    "mar(?:ch)?|märz|mrz",
    "apr(?:il)?",
    "may|mai",
    "june?|juni",
    "july?|juli",
    "aug(?:ust)?",
    "sept?(?:ember)?",
    "o[ck]t(?:ober)?",
    "nov(?:ember)?",
    "de[cz](?:ember)?",
)
_WEEKDAYS = (
    "mon(?:day)?|montag|mo",
    "tue(?:s(?:day)?)?|dienstag|di",
    "wed(?:nesday)?|mittwoch|mi",
    "thu(?:r(?:s(?:day)?)?)?|donnerstag|do",
    "fri(?:day)?|freitag|fr",
    "sat(?:urday)?|samstag|sonnabend|sa",
    "sun(?:day)?|sonntag|so",
)
_NAMED = "|".join(f"(?:{names})" for names in _MONTHS)
_DAY = r"(?P<{0}day>\d{{1,2}})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:,?\s{{1,2}}(?P<{0}year>20\d\d))?"
_DATE = re.compile(
    r"(?<![\w.,/-])(?:"
    r"(?P<iso>20\d\d-\d\d-\d\d)"
    r"|(?P<dotted>\d{1,2}\.\s?\d{1,2}\.(?:\s?(?:20)?\d\d(?!\d))?)"
    r"|(?P<slashed>\d{1,2}/\d{1,2}/(?:20)?\d\d(?!\d))"
    rf"|{_DAY.format('a')}\s{{1,2}}(?:of\s)?(?P<amonth>{_NAMED})\b\.?{_YEAR.format('a')}"
    rf"|(?P<bmonth>{_NAMED})\b\.?\s{{1,2}}{_DAY.format('b')}\b{_YEAR.format('b')}"
    r")",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:at |um )?(\d{1,2})(?:[:.h](\d\d))?\s?(uhr|am|pm|h)?(?![\w.:/-])", re.IGNORECASE
)
_TOMORROW = re.compile(r"(?:tomorrow|morgen)", re.IGNORECASE)
_LEADS = re.compile(
    r"^(?:(?:until|till|for|in|on|bis|zum|am|für|next|nächsten?)\b\s*)+", re.IGNORECASE
)


class Found(NamedTuple):
    """A day, and where in the text it stands."""

    day: date
    start: int
    end: int


def moment(words: str, now: datetime, zone: str) -> datetime | None:
    """The moment to come that `3d`, `2 weeks`, `tuesday`, `1. Dezember` mean, and nothing else.

    A day begins at midnight in the zone. None if the words say more, or less, or too much.
    """
    wanted = _LEADS.sub("", words.strip())
    span = _SPAN.fullmatch(wanted.rstrip(".!"))
    if span:
        ahead = _length(span)
        return now + ahead if timedelta() < ahead <= FARTHEST else None
    today = day_in(zone, now)
    found = next(days(wanted, today), None)
    whole = found is not None and not (wanted[: found.start] + wanted[found.end :]).strip(" .!")
    day = found.day if found and whole else _relative(wanted.rstrip(".!"), today)
    if day is None or not today < day <= today + FARTHEST:
        return None
    return local(day, time(), zone)


def meeting(words: str, now: datetime, zone: str) -> datetime | None:
    """The moment to come that `tue 15:00` or `2026-12-01 3pm` mean: a day, then a time."""
    today = day_in(zone, now)
    found = next(days(words, today), None)
    if found is not None:
        day, rest = found.day, words[: found.start] + words[found.end :]
    else:
        first, _, rest = words.strip().partition(" ")
        named = _relative(_LEADS.sub("", first).rstrip(","), today)
        if named is None:
            return None
        day = named
    at = _TIME.fullmatch(rest.strip(" ,"))
    clock = _clock(at) if at else None
    if clock is None or not today <= day <= today + FARTHEST:
        return None
    starts = local(day, clock, zone)
    return starts if starts > now else None


def days(text: str, today: date) -> Iterator[Found]:
    """The days that a text names; without a year, the next such day. Ambiguous ones are none."""
    for found in _DATE.finditer(text):
        day = _day(found, today)
        if day is not None:
            yield Found(day, found.start(), found.end())


def _day(found: re.Match[str], today: date) -> date | None:
    if found["iso"]:
        return _made(*(int(part) for part in found["iso"].split("-")))
    if found["dotted"]:
        parts = [int(part) for part in found["dotted"].replace(" ", "").split(".") if part]
        return _dated(parts[0], parts[1], parts[2] if len(parts) > 2 else None, today)
    if found["slashed"]:
        one, other, short = (int(part) for part in found["slashed"].split("/"))
        if one <= 12 and other <= 12 and one != other:
            return None  # nobody can know which of them is the month
        day, month = (one, other) if one > 12 else (other, one)
        return _dated(day, month, short, today)
    side = "a" if found["aday"] else "b"
    year = found[f"{side}year"]
    month = _number(_MONTHS, found[f"{side}month"])
    return _dated(int(found[f"{side}day"]), month + 1, int(year) if year else None, today)


def _dated(day: int, month: int, year: int | None, today: date) -> date | None:
    if year is not None:
        return _made(year if year >= 100 else 2000 + year, month, day)
    this = _made(today.year, month, day)
    return this if this is None or this >= today else _made(today.year + 1, month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _relative(word: str, today: date) -> date | None:
    if _TOMORROW.fullmatch(word):
        return today + timedelta(days=1)
    number = _number(_WEEKDAYS, word)
    if number < 0:
        return None
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _number(names: tuple[str, ...], word: str) -> int:
    """Which of the names it is; -1 if none."""
    matches = (re.fullmatch(one, word, re.IGNORECASE) for one in names)
    return next((number for number, match in enumerate(matches) if match), -1)


def _length(span: re.Match[str]) -> timedelta:
    unit = next(length for name, length in _UNITS.items() if span[name])
    return unit * (int(span["number"]) if span["number"].isdigit() else 1)


def _clock(found: re.Match[str]) -> time | None:
    hour, minute, mark = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if mark in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (mark == "pm")
    elif not found[2] and not mark:
        return None  # a bare number could be anything
    return time(hour, minute) if hour < 24 and minute < 60 else None
