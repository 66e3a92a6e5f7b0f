"""What a report consists of: figures with what they are based on, never an address or a word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class By(StrEnum):
    """What the rows of a report stand for."""

    WEEK = "week"
    AMBASSADOR = "ambassador"
    TOPIC = "topic"
    SOURCE = "source"


class Unit(StrEnum):
    """What a value is counted in."""

    COUNT = "count"
    SHARE = "share"  # 0 to 1
    HOURS = "hours"
    MINUTES = "minutes"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` up to, but not including, `until`."""

    since: datetime
    until: datetime

    @property
    def weeks(self) -> float:
        return (self.until - self.since) / timedelta(weeks=1)

    def before(self) -> Period:
        """The period of the same length that ends where this one begins."""
        return Period(self.since - (self.until - self.since), self.since)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `n` is what a share, a median or a mean was taken over; None for plain counts.

    `value` is None where there was nothing to measure, and where it is `withheld` because fewer
    people than SMALLEST stand behind it.
    """

    key: str
    label: str
    unit: Unit
    value: float | None = None
    n: int | None = None
    withheld: bool = False

    def hidden(self) -> Figure:
        """The same figure, without what it says."""
        return Figure(self.key, self.label, self.unit, withheld=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the period beside that of the period before."""

    now: Figure
    before: Figure


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    lines: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One group: what it is called, in a program and by people, and its figures."""

    key: str
    label: str
    figures: tuple[Figure, ...]

    @property
    def name(self) -> str:
        """The label, and the key where that says more."""
        return f"{self.label} ({self.key})" if self.key not in ("", self.label) else self.label


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The rows add up to the whole. `rest` is the sum of the rows that are withheld."""

    by: By
    rows: tuple[Row, ...]
    rest: Row | None
    note: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that HR is shown. Every format shows these values and nothing else."""

    made_at: datetime
    period: Period
    sections: tuple[Section, ...]
    breakdown: Breakdown
    answers: tuple[Figure, ...]  # how long first answers took, in classes
    weeks: tuple[Row, ...]  # new contacts
    loads: tuple[Row, ...]  # minutes and new contacts of each ambassador, a week
    basis: str  # what the report is based on, in a sentence

    def figure(self, key: str) -> Line:
        """The figure of a section. Raises KeyError."""
        for section in self.sections:
            for line in section.lines:
                if line.now.key == key:
                    return line
        raise KeyError(key)

    def groups(self) -> Iterator[tuple[str, tuple[Row, ...]]]:
        """Everything that is told group by group, with a name for each such table."""
        rest = (self.breakdown.rest,) if self.breakdown.rest else ()
        yield f"by_{self.breakdown.by}", (*self.breakdown.rows, *rest)
        yield "weeks", self.weeks
        yield "loads", self.loads
        yield "answers", (Row("all", "First answers", self.answers),)
