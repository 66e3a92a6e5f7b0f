"""How much each ambassador was asked for, and how evenly it was spread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from relay.reports.breakdown import Groups, label, sizes
from relay.reports.facts import Facts
from relay.reports.tally import quantile
from relay.reports.values import By, Figure, Row, Unit
from relay.reports.withholding import withheld
from storage.history import Count
from storage.records import Ambassador, AmbassadorState, EventKind

# Slow readers and typists, so that the estimate is rather too high.
READS, WRITES = 200, 30  # words a minute
OPENING = 1.0  # minutes for each mail, whatever its length


def minutes(counts: Iterable[Count]) -> dict[str, float]:
    """Estimated minutes that each ambassador spent reading and writing mails."""
    spent: dict[str, float] = {}
    for count in counts:
        if (taken := _minutes(count)) > 0:
            spent[count.ambassador_id] = spent.get(count.ambassador_id, 0.0) + taken
    return spent


def _minutes(count: Count) -> float:
    if count.kind == EventKind.AMBASSADOR_WROTE:
        return count.number * OPENING + count.amount / WRITES
    reached = count.kind == EventKind.CONTACTED and count.key == "forwarded"
    if reached or count.kind == EventKind.CANDIDATE_WROTE:
        return count.number * OPENING + count.amount / READS
    return 0.0


def rows(groups: Groups, facts: Facts, ambassadors: Mapping[str, Ambassador]) -> tuple[Row, ...]:
    """Minutes and new contacts a week of each ambassador who is or was there in the period."""
    hidden = withheld({key: sizes(count) for key, count in groups.ambassadors.items()})
    spent = minutes(facts.counts)
    there = {
        key
        for key, each in ambassadors.items()
        if each.state is not AmbassadorState.REMOVED or key in spent or key in groups.ambassadors
    }
    made = []
    for key in there:
        new = groups.ambassadors[key][True] if key in groups.ambassadors else 0
        figures = (
            Figure(
                "minutes", "Minutes a week", Unit.MINUTES, spent.get(key, 0.0) / facts.period.weeks
            ),
            Figure("new", "New contacts a week", Unit.MEAN, new / facts.period.weeks, new),
        )
        if key in hidden:
            figures = (figures[0], figures[1].hidden())
        made.append(Row(label(key, ambassadors, By.AMBASSADOR), figures, key in hidden))
    return tuple(sorted(made, key=lambda row: row.label))


NOTE = f"Estimated: {READS} words read and {WRITES} written a minute, and one minute for each mail."


def section(facts: Facts) -> tuple[Figure, ...]:
    """Load over all ambassadors who had any mail in the period."""
    spent = [each / facts.period.weeks for each in minutes(facts.counts).values()]
    share = gini(spent)
    return (
        Figure(
            "minutes",
            "Minutes a week, median ambassador",
            Unit.MINUTES,
            quantile(spent, 0.5),
            len(spent),
        ),
        Figure(
            "minutes_p90",
            "Minutes a week, nine in ten at most",
            Unit.MINUTES,
            quantile(spent, 0.9),
            len(spent),
        ),
        Figure("spread", "Spread (Gini: 0 even, 1 all on one)", Unit.MEAN, share, len(spent)),
        Figure("pauses", "Pauses", Unit.COUNT, facts.number(EventKind.PAUSED)),
    )


def gini(values: Iterable[float]) -> float | None:
    """How unevenly something is spread: 0 if all have the same, towards 1 if one has all."""
    ordered = sorted(values)
    total = sum(ordered)
    if not total:
        return None
    weighted = sum(place * value for place, value in enumerate(ordered, 1))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)
