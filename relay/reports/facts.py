"""All that the figures of one period are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from relay.reports.tally import Tally
from relay.reports.values import Period
from storage.history import Count
from storage.records import EventKind


@dataclass(frozen=True, slots=True)
class Facts:
    """`waiting` and `reminded` are the threads that wait for an answer now, whenever they began;
    None for a period that is over, since nothing remembers how many there were."""

    period: Period
    tally: Tally
    counts: tuple[Count, ...]
    waiting: int | None = None
    reminded: int | None = None

    def number(self, kind: EventKind, key: str | None = None) -> int:
        """How many events of this kind there were, or of this kind with this key."""
        return sum(count.number for count in self._of(kind) if key in (None, count.key))

    def amount(self, kind: EventKind) -> int:
        return sum(count.amount for count in self._of(kind))

    def rules(self, kind: EventKind) -> Counter[str]:
        """How often each rule had a say in events of this kind."""
        said: Counter[str] = Counter()
        for count in self._of(kind):
            for rule in count.key.split(","):
                said[rule.strip() or "unnamed"] += count.number
        return said

    def keys(self, kind: EventKind) -> Counter[str]:
        """The events of this kind by their key."""
        found: Counter[str] = Counter()
        for count in self._of(kind):
            found[count.key] += count.number
        return found

    def _of(self, kind: EventKind) -> Iterable[Count]:
        return (count for count in self.counts if count.kind == kind)
