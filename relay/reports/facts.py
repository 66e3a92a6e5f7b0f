"""All that the figures of one period are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from relay.reports.tally import Tally
from relay.reports.values import Period
from storage.counts import Count
from storage.records.events import EventKind
from storage.referrals import Hires

# Slow readers and typists, so that the estimate of their time is rather too high.
READS, WRITES = 200, 30  # words a minute
OPENING = 1.0  # minutes for each mail, whatever its length

UNNAMED = "unnamed"  # a rule of which an event does not tell

# The word of the detail that tells events of a kind apart.
_KEYS = {
    EventKind.HELD: "rules",
    EventKind.ASKED_BACK: "rules",
    EventKind.APPROVED: "rules",
    EventKind.DECLINED: "rules",
    EventKind.EXPIRED: "rules",
    EventKind.REFUSED: "rules",
    EventKind.STAGE_REACHED: "stage",
    EventKind.FORGOTTEN: "hours",
    EventKind.SUSPENDED: "side",
}
_BY_AMBASSADOR = frozenset({EventKind.OVER_BUDGET, EventKind.PAUSED})


@dataclass(slots=True)
class Activity:
    """What happened in a period, whenever the conversation began."""

    numbers: Counter[EventKind] = field(default_factory=Counter)
    keys: Counter[tuple[EventKind, str]] = field(default_factory=Counter)
    people: Counter[tuple[EventKind, str]] = field(default_factory=Counter)  # by ambassador
    opinions: Counter[tuple[str, str]] = field(default_factory=Counter)  # whose, and yes or no
    minutes: dict[str, float] = field(default_factory=dict)  # of each ambassador, estimated

    def add(self, counts: Iterable[Count]) -> None:
        for count in counts:
            self.numbers[count.kind] += count.number
            if count.kind in _KEYS:
                self.keys[count.kind, count.detail.get(_KEYS[count.kind], "")] += count.number
            elif count.kind in _BY_AMBASSADOR:
                self.people[count.kind, count.ambassador_id] += count.number
            elif count.kind is EventKind.OPINION:
                self.opinions[count.detail["side"], count.detail["worth"]] += count.number
            elif count.kind is EventKind.CANDIDATE_WROTE:
                self.read(count.ambassador_id, count.words, count.number)
            elif count.kind is EventKind.AMBASSADOR_WROTE:
                taken = count.number * OPENING + count.words / WRITES
                self._spend(count.ambassador_id, taken)

    def read(self, ambassador_id: str, words: int, mails: int = 1) -> None:
        """Somebody read so many words in so many mails."""
        self._spend(ambassador_id, mails * OPENING + words / READS)

    def _spend(self, ambassador_id: str, minutes: float) -> None:
        self.minutes[ambassador_id] = self.minutes.get(ambassador_id, 0.0) + minutes


@dataclass(frozen=True, slots=True)
class Facts:
    """`waiting` and `reminded` are the threads that wait for an answer now, whenever they began;
    None for a period that is over, since nothing remembers how many there were."""

    period: Period
    tally: Tally
    activity: Activity
    hires: Hires
    waiting: int | None = None
    reminded: int | None = None

    def number(self, kind: EventKind, key: str | None = None) -> int:
        """How many events of this kind there were, or of this kind with this key."""
        numbers, keys = self.activity.numbers, self.activity.keys
        return numbers[kind] if key is None else keys[kind, key]

    def keys(self, kind: EventKind) -> Counter[str]:
        """The events of this kind by their key."""
        pairs = self.activity.keys.items()
        return Counter({key: number for (of, key), number in pairs if of is kind})

    def rules(self, kind: EventKind) -> Counter[str]:
        """How often each rule had a say in events of this kind."""
        said: Counter[str] = Counter()
        for rules, number in self.keys(kind).items():
            said.update({rule.strip() or UNNAMED: number for rule in rules.split(",")})
        return said
