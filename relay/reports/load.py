"""How much each ambassador was asked for, and how evenly it was spread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from relay.reports.breakdown import Groups, called, order, sizes, there
from relay.reports.facts import READS, WRITES, Facts
from relay.reports.measures import count
from relay.reports.tally import quantile
from relay.reports.values import By, Figure, Row, Unit
from relay.reports.withholding import withheld
from storage.records.events import EventKind
from storage.records.people import Ambassador

NOTE = f"Estimated: {READS} words read and {WRITES} written a minute, and one minute for each mail."


def section(facts: Facts) -> tuple[Figure, ...]:
    """Load over all ambassadors who had any mail in the period."""
    spent = [each / facts.period.weeks for each in facts.activity.minutes.values()]
    n = len(spent)
    return (
        _minutes("minutes", "Minutes a week, median ambassador", quantile(spent, 0.5), n),
        _minutes("minutes_p90", "Minutes a week, nine in ten at most", quantile(spent, 0.9), n),
        Figure("spread", "Spread (Gini: 0 even, 1 all on one)", Unit.MEAN, gini(spent), n),
        count("over_budget", "Contacts that met a full week", facts.number(EventKind.OVER_BUDGET)),
        count("pauses", "Pauses", facts.number(EventKind.PAUSED)),
    )


def _minutes(key: str, label: str, value: float | None, n: int | None = None) -> Figure:
    return Figure(key, label, Unit.MINUTES, value, n)


def rows(groups: Groups, facts: Facts, ambassadors: Mapping[str, Ambassador]) -> tuple[Row, ...]:
    """What each ambassador who is or was there in the period had to do in a week."""
    hidden = withheld({key: sizes(number) for key, number in groups.ambassadors.items()})
    made = [
        Row(
            *called(key, ambassadors, By.AMBASSADOR),
            _figures(key, groups, facts, key in hidden),
        )
        for key in there(groups, ambassadors)
    ]
    return tuple(sorted(made, key=order))


def _figures(key: str, groups: Groups, facts: Facts, is_hidden: bool) -> tuple[Figure, ...]:
    """A withheld one tells how much there was to do, not how many people asked."""
    spent, people, weeks = facts.activity.minutes, facts.activity.people, facts.period.weeks
    new = groups.ambassadors[key][True] if key in groups.ambassadors else 0
    weekly = Figure("new", "New contacts a week", Unit.MEAN, new / weeks, new)
    return (
        _minutes("minutes", "Minutes a week", spent.get(key, 0.0) / weeks),
        weekly.hidden() if is_hidden else weekly,
        count("over_budget", "Full weeks met", people[EventKind.OVER_BUDGET, key]),
        count("pauses", "Pauses", people[EventKind.PAUSED, key]),
    )


def gini(values: Iterable[float]) -> float | None:
    """How unevenly something is spread: 0 if all have the same, towards 1 if one has all."""
    ordered = sorted(values)
    total = sum(ordered)
    if not total:
        return None
    weighted = sum(place * value for place, value in enumerate(ordered, 1))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)
