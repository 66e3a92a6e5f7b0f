"""The kinds of figures: a count, a share, a mean, a time. All but counts tell their n."""

from __future__ import annotations

from collections.abc import Iterable

from relay.reports.tally import Clock, quantile
from relay.reports.values import Figure, Unit

HOUR = 3600.0  # seconds


def count(key: str, label: str, number: int | None) -> Figure:
    return Figure(key, label, Unit.COUNT, number)


def share(key: str, label: str, part: int, n: int) -> Figure:
    """`part` of `n`; nothing to measure if n is 0."""
    return Figure(key, label, Unit.SHARE, part / n if n else None, n)


def mean(key: str, label: str, total: int, n: int) -> Figure:
    return Figure(key, label, Unit.MEAN, total / n if n else None, n)


def hours(key: str, label: str, seconds: Iterable[float], part: float) -> Figure:
    """The time within which this part of them had come."""
    known = tuple(seconds)
    value = quantile(known, part)
    return Figure(key, label, Unit.HOURS, None if value is None else value / HOUR, len(known))


def within_a_day(key: str, label: str, clock: Clock) -> Figure:
    value, n = clock.within_a_day()
    return Figure(key, label, Unit.SHARE, value, n)
