"""A day in words: `Tuesday, 17 November`."""

from __future__ import annotations

from datetime import date

_EN = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "January February March April May June July August September October November December",
    "{weekday}, {day} {month}",
)
_DE = (
    "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "{weekday}, {day}. {month}",
)
_LANGUAGES = {"en": _EN, "de": _DE}


def written(day: date, language: str) -> str:
    """The day as people say it, without the year; in other languages than ours as ISO 8601."""
    if language not in _LANGUAGES:
        return f"{day:%Y-%m-%d}"
    weekdays, months, form = _LANGUAGES[language]
    return form.format(
        weekday=weekdays.split()[day.weekday()], day=day.day, month=months.split()[day.month - 1]
    )
