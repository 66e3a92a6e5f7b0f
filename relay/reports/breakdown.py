"""The period's first contacts, group by group, without the groups that are too small."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache

from relay.reports import measures
from relay.reports.facts import Activity
from relay.reports.tally import LET_IN, STEPS, Tally, WorkingTime
from relay.reports.values import Breakdown, By, Figure, Period, Row
from relay.reports.withholding import withheld
from relay.threads.hours import Meter
from storage.columns import micros
from storage.records.people import Ambassador, AmbassadorState
from storage.stories import Story, moment

NOTES = {
    By.WEEK: "A contact counts in the week in which it began (ISO 8601, UTC).",
    By.AMBASSADOR: "A contact counts for the ambassador it was written to.",
    By.TOPIC: "Each ambassador counts under the first of their topics, so that the rows add up.",
    By.SOURCE: "The tag after the plus sign of the address that was written to.",
}


Figures = tuple[Figure, ...]

_DAY = 24 * 3600 * 1_000_000  # microseconds


@dataclass(slots=True)
class Groups:
    """The tallies of the rows, and the sizes by which rows and weeks are withheld.

    `ambassadors` and `weeks` count all who wrote and those who were let in.
    """

    rows: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    ambassadors: dict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))
    weeks: dict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))


def grouped(
    stories: Iterable[Story],
    period: Period,
    ambassadors: Mapping[str, Ambassador],
    by: By,
    working: WorkingTime,
    activity: Activity,
) -> Groups:
    """The stories, one at a time, into the group of each; who read them goes into the activity."""
    groups, until, key = Groups(), micros(period.until), _keys(by, ambassadors)

    @cache
    def meter(ambassador_id: str) -> Meter | None:
        return working(ambassadors[ambassador_id]) if ambassador_id in ambassadors else None

    for story in stories:
        week = _week(story.opened // _DAY)
        groups.rows[key(story, week)].add(story, until, meter(story.ambassador_id))
        let_in = story.outcome in LET_IN
        groups.ambassadors[story.ambassador_id][let_in] += 1
        groups.weeks[week][let_in] += 1
        if story.unread_words and story.reached is not None:
            activity.read(story.ambassador_id, story.unread_words)
    for tally in groups.rows.values():
        tally.settle()
    return groups


def week_of(at: datetime) -> str:
    """The ISO 8601 week, such as 2026-W07."""
    year, week, _ = at.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02}"


@lru_cache(maxsize=4096)
def _week(day: int) -> str:
    """The week of the day with this number since 1970."""
    return week_of(moment(day * _DAY))


def topic_of(ambassador: Ambassador | None) -> str:
    """The topic an ambassador is counted under."""
    return ambassador.topics[0] if ambassador and ambassador.topics else ""


def _keys(by: By, ambassadors: Mapping[str, Ambassador]) -> Callable[[Story, str], str]:
    """How the group of a story of some week is found."""
    return {
        By.WEEK: lambda _, week: week,
        By.AMBASSADOR: lambda story, _: story.ambassador_id,
        By.TOPIC: lambda story, _: topic_of(ambassadors.get(story.ambassador_id)),
        By.SOURCE: lambda story, _: story.source,
    }[by]


def sizes(count: Counter[bool]) -> tuple[int, int]:
    """All who wrote, and those who were let in."""
    return count.total(), count[True]


def rows(groups: Groups, ambassadors: Mapping[str, Ambassador], by: By) -> Breakdown:
    """The rows in order; a small one says nothing, and the small ones together are the rest."""
    hidden = _hidden(groups, ambassadors, by)
    idle = {key: Tally() for key in there(groups, ambassadors)} if by is By.AMBASSADOR else {}
    rest = Tally()
    for key in hidden:
        rest.merge(groups.rows[key])
    shown = {key: tally for key, tally in (idle | groups.rows).items() if key not in hidden}
    figures = _guarded(
        {key: columns(tally) for key, tally in shown.items()} | {None: columns(rest)}
    )
    together = figures.pop(None)
    nothing = tuple(figure.hidden() for figure in together)
    figures |= dict.fromkeys(hidden, nothing)
    called_so = [Row(*called(key or "", ambassadors, by), each) for key, each in figures.items()]
    last = Row("", f"{len(hidden)} withheld, together", together) if hidden else None
    return Breakdown(by, tuple(sorted(called_so, key=order)), last, NOTES[by])


def _guarded(rows: dict[str | None, Figures]) -> dict[str | None, Figures]:
    """Without the shares and times that few people stand behind, in any column.

    The same rule as for whole rows: the sum of the hidden ones can be had by subtraction.
    """
    columns = [
        withheld({key: (figures[place].n or 0,) for key, figures in rows.items()})
        for place in range(len(rows[None]))
    ]
    return {
        key: tuple(
            figure.hidden() if key in hidden else figure
            for figure, hidden in zip(figures, columns, strict=True)
        )
        for key, figures in rows.items()
    }


def there(groups: Groups, ambassadors: Mapping[str, Ambassador]) -> tuple[str, ...]:
    """The ambassadors who are there, or were when somebody wrote to them."""
    return tuple(
        key
        for key, each in ambassadors.items()
        if each.state is not AmbassadorState.REMOVED or key in groups.ambassadors
    )


def order(row: Row) -> tuple[object, ...]:
    """By letters without case, numbers by their value: Person 2 before person 10."""
    parts = re.split(r"([0-9]{1,9})", row.name.casefold())
    return tuple(int(each) if place % 2 else each for place, each in enumerate(parts))


def _hidden(groups: Groups, ambassadors: Mapping[str, Ambassador], by: By) -> frozenset[str]:
    whole = {key: tally.sizes for key, tally in groups.rows.items()}
    if by is not By.TOPIC:
        return withheld(whole)
    # The ambassadors' own numbers are shown beside the topics: what a topic says beyond those that
    # are shown must not be too small either.
    alone = withheld({key: sizes(count) for key, count in groups.ambassadors.items()})
    beyond: dict[str, Counter[bool]] = defaultdict(Counter)
    for key in alone:
        beyond[topic_of(ambassadors.get(key))] += groups.ambassadors[key]
    return withheld({key: (*size, *sizes(beyond[key])) for key, size in whole.items()})


def called(key: str, ambassadors: Mapping[str, Ambassador], by: By) -> tuple[str, str]:
    """What a row is called in a program, and by people."""
    if by is By.AMBASSADOR and key in ambassadors:
        return ambassadors[key].name, ambassadors[key].display_name
    return key, key or "None"


def columns(tally: Tally) -> tuple[Figure, ...]:
    """The figures of one row."""
    step = dict(zip(STEPS, range(len(STEPS)), strict=True))
    wall, working = tally.wall, tally.working
    return (
        measures.count("contacts", "New contacts", tally.contacts),
        measures.count("refused", "Refused", tally.outcomes["refused"]),
        measures.within_a_day("within_24h", "Answered in 24 h", wall),
        measures.within_a_day("within_24h_working", "in 24 working h", working),
        measures.hours("median", "Median answer", wall.seconds, 0.5),
        measures.hours("p90", "9 in 10 within", wall.seconds, 0.9),
        measures.count("waiting", "Unanswered", tally.waiting),
        measures.share("precision", "Precision", tally.answered, tally.reached),
        measures.count("conversations", "Conversations", tally.conversations),
        measures.count("recommended", "Recommended", tally.step(step["recommended"])),
        measures.count("hired", "Hired", tally.step(step["hired"])),
    )
