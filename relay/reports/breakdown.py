"""The period's first contacts, group by group, without the groups that are too small."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from relay.reports import measures
from relay.reports.facts import Activity
from relay.reports.tally import LET_IN, STEPS, Tally, WorkingTime
from relay.reports.values import Breakdown, By, Figure, Period, Row
from relay.reports.withholding import withheld
from storage.records import Ambassador
from storage.stories import Story, micros, moment

NOTES = {
    By.WEEK: "A contact counts in the week in which it began (ISO 8601, UTC).",
    By.AMBASSADOR: "A contact counts for the ambassador it was written to.",
    By.TOPIC: "Each ambassador counts under the first of their topics, so that the rows add up.",
    By.SOURCE: "The tag after the plus sign of the address that was written to.",
}


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
    groups, until = Groups(), micros(period.until)
    for story in stories:
        ambassador = ambassadors.get(story.ambassador_id)
        week = _week(story.opened // _DAY)
        key = _key(story, ambassador, week, by)
        groups.rows[key].add(story, until, ambassador, working)
        let_in = story.outcome in LET_IN
        groups.ambassadors[story.ambassador_id][let_in] += 1
        groups.weeks[week][let_in] += 1
        if story.unread_words and story.reached is not None:
            activity.read(story.ambassador_id, story.unread_words)
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


def _key(story: Story, ambassador: Ambassador | None, week: str, by: By) -> str:
    match by:
        case By.WEEK:
            return week
        case By.AMBASSADOR:
            return story.ambassador_id
        case By.TOPIC:
            return topic_of(ambassador)
        case By.SOURCE:
            return story.source


def sizes(count: Counter[bool]) -> tuple[int, int]:
    """All who wrote, and those who were let in."""
    return count.total(), count[True]


def rows(groups: Groups, ambassadors: Mapping[str, Ambassador], by: By) -> Breakdown:
    """The rows by label; a small one says nothing, and the small ones together are the rest."""
    hidden = _hidden(groups, ambassadors, by)
    known = dict.fromkeys(ambassadors, Tally()) if by is By.AMBASSADOR else {}
    named = [
        (label(key, ambassadors, by), key, tally) for key, tally in (known | groups.rows).items()
    ]
    shown = tuple(
        _row(name, tally, key in hidden)
        for name, key, tally in sorted(named, key=lambda each: order(each[0]))
    )
    rest = Tally()
    for key in hidden:
        rest.merge(groups.rows[key])
    together = _row(f"The {len(hidden)} withheld together", rest, False) if hidden else None
    return Breakdown(by, shown, together, NOTES[by])


def order(name: str) -> tuple[object, ...]:
    """By letters without case, numbers by their value: Person 2 before person 10."""
    parts = re.split(r"(\d{1,9})", name.casefold())
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


def label(key: str, ambassadors: Mapping[str, Ambassador], by: By) -> str:
    """What a row is called."""
    if by is By.AMBASSADOR:
        ambassador = ambassadors.get(key)
        return f"{ambassador.display_name} ({ambassador.name})" if ambassador else "(unknown)"
    return key or "(none)"


def _row(name: str, tally: Tally, is_withheld: bool) -> Row:
    made = columns(tally)
    return Row(
        name, tuple(figure.hidden() for figure in made) if is_withheld else made, is_withheld
    )


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
