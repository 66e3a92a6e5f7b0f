"""What the first contacts of one group add up to."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from relay.threads.hours import Meter
from storage.records.people import Ambassador
from storage.stories import STAGES, Story

DAY = 24 * 3600.0  # seconds
SECOND = 1_000_000  # microseconds

WorkingTime = Callable[[Ambassador], Meter]

# The steps of the funnel; whoever came to a later one counts in those before it.
STEPS = ("contact", "answered", "conversation", *STAGES)
LET_IN = frozenset({"forwarded", "held", "asked"})


@dataclass(slots=True)
class Clock:
    """Times to the first answer in seconds, eight bytes each, on one clock.

    `late` counts those who had no answer although a day had gone by; who has waited for less is in
    neither number.
    """

    seconds: array[float] = field(default_factory=lambda: array("d"))
    late: int = 0

    def merge(self, other: Clock) -> None:
        self.seconds.extend(other.seconds)
        self.late += other.late

    def settle(self) -> None:
        """Put the times in order: what sorts them after that finds them sorted."""
        self.seconds = array("d", sorted(self.seconds))

    def within_a_day(self) -> tuple[float | None, int]:
        """The share that was answered within 24 hours, and of how many."""
        n = len(self.seconds) + self.late
        return (sum(1 for taken in self.seconds if taken <= DAY) / n if n else None), n


def quantile(values: Iterable[float], share: float) -> float | None:
    """The value below which this share lies, interpolated; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


@dataclass(slots=True)
class Tally:
    outcomes: Counter[str] = field(default_factory=Counter)
    steps: Counter[int] = field(default_factory=Counter)
    wall: Clock = field(default_factory=Clock)
    working: Clock = field(default_factory=Clock)
    reached: int = 0
    asked_on: int = 0  # asked back, and reached somebody after that
    answered: int = 0
    passed: int = 0
    never_answered: int = 0
    waiting: int = 0
    nudges: int = 0  # for those that were answered
    escalated: int = 0
    saved: int = 0
    candidate_turns: int = 0
    ambassador_turns: int = 0
    conversations: int = 0

    @property
    def contacts(self) -> int:
        return sum(self.outcomes[outcome] for outcome in LET_IN)

    @property
    def sizes(self) -> tuple[int, int]:
        """How many people stand behind this: all who wrote, and those who were let in."""
        return self.outcomes.total(), self.contacts

    def step(self, least: int) -> int:
        """How many came at least as far as this step."""
        return sum(number for step, number in self.steps.items() if step >= least)

    def add(self, story: Story, until: int, meter: Meter | None) -> None:
        """`until` is when the period ends; no working time counts without a meter."""
        self.outcomes[story.outcome] += 1
        if story.outcome not in LET_IN:
            return
        conversed = story.candidate_turns >= 2 and story.ambassador_turns >= 2
        self.conversations += conversed
        self.candidate_turns += story.candidate_turns
        self.ambassador_turns += story.ambassador_turns
        if story.stage:
            self.steps[2 + story.stage] += 1
        else:
            self.steps[2 if conversed else int(story.answered is not None)] += 1
        if story.escalated_to:
            self.escalated += 1
        if story.reached is not None:
            self.reached += 1
            self.asked_on += story.outcome == "asked"
        if story.answered is not None:
            self._add_answer(story, story.answered, meter)
        elif story.reached is not None:
            self._add_silence(story, story.reached, until, meter)

    def _add_answer(self, story: Story, answered: int, meter: Meter | None) -> None:
        self.answered += 1
        self.nudges += story.nudges
        self.saved += bool(story.escalated_to) and story.answered_by == story.escalated_to
        self.wall.seconds.append((answered - story.opened) / SECOND)
        if meter is not None:
            since = story.opened if story.reached is None else story.reached
            self.working.seconds.append(meter(since, answered) / SECOND)

    def _add_silence(self, story: Story, reached: int, until: int, meter: Meter | None) -> None:
        if story.closed is None:
            self.waiting += 1
        else:
            self.never_answered += 1
            self.passed += story.closed_why == "pass"
        end = story.closed or until
        self.wall.late += (end - story.opened) / SECOND > DAY
        if meter is not None:
            self.working.late += meter(reached, end) / SECOND > DAY

    def settle(self) -> None:
        """Nothing more will be added."""
        self.wall.settle()
        self.working.settle()

    def merge(self, other: Tally) -> None:
        """Adds the other group to this one."""
        for name in ("outcomes", "steps"):
            getattr(self, name).update(getattr(other, name))
        self.wall.merge(other.wall)
        self.working.merge(other.working)
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))


_SUMS = (
    "reached",
    "asked_on",
    "answered",
    "passed",
    "never_answered",
    "waiting",
    "nudges",
    "escalated",
    "saved",
    "candidate_turns",
    "ambassador_turns",
    "conversations",
)
