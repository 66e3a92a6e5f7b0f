"""Two years of an ambassador program, made up from a seed: events, threads and ambassadors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from storage.records.events import Event, EventKind
from storage.records.people import Ambassador, AmbassadorState, Side
from storage.records.threads import Stage

START = datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
TOPICS = ("python", "infra", "data", "mobile", "security", "design", "")
SOURCES = ("", "", "", "pycon", "careers", "meetup", "blog", "rare-tag")
RULES = ("pitch", "bulk", "links", "phishing", "first_contact", "volume")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "Australia/Sydney")
_STAGES = (Stage.COFFEE, Stage.RECOMMENDED, Stage.INTERVIEWING, Stage.HIRED)


def ambassadors(number: int = 50) -> list[Ambassador]:
    """The last one has left, the one before is away."""
    made = []
    for each in range(number):
        topic = TOPICS[each % len(TOPICS)]
        state = AmbassadorState.ACTIVE
        if number > 2 and each >= number - 2:
            state = (AmbassadorState.PAUSED, AmbassadorState.REMOVED)[each - number + 2]
        made.append(
            Ambassador(
                id=f"a{each:03}",
                name=f"amb{each}",
                display_name=f"Person {each}",
                mailboxes=(f"amb{each}@corp.example.test",),
                created_at=START,
                topics=(topic, "general") if topic else (),
                timezone=ZONES[each % len(ZONES)],
                country="DE" if each % 3 == 0 else "",
                backup=f"amb{(each + 1) % number}",
                state=state,
            )
        )
    return made


@dataclass
class Program:
    """`popularity` of ambassadors is uneven, so some have hundreds of contacts and some a few."""

    people: list[Ambassador] = field(default_factory=ambassadors)
    contacts: int = 4000
    seed: int = 7
    since: datetime = START
    until: datetime = NOW

    def events(self) -> list[Event]:
        """In order of time; ids are unique."""
        random = Random(self.seed)
        weights = [1 / (1 + place) for place in range(len(self.people))]
        drafts: list[tuple[datetime, EventKind, str | None, str | None, dict[str, str]]] = []
        span = (self.until - self.since).total_seconds()
        for number in range(self.contacts):
            at = self.since + timedelta(seconds=random.random() * span)
            person = random.choices(self.people, weights)[0]
            thread = _Thread(random, f"t{number:07}", person, self.people, at, self.until)
            drafts += thread.told()
        drafts += _around(random, self)
        drafts.sort(key=lambda draft: draft[0])
        return [
            Event(f"e{number:08}", at, kind, thread, person, detail)
            for number, (at, kind, thread, person, detail) in enumerate(drafts)
        ]


_Draft = tuple[datetime, EventKind, str | None, str | None, dict[str, str]]


def _around(random: Random, program: Program) -> Iterator[_Draft]:
    """What happens beside the conversations."""
    span = (program.until - program.since).total_seconds()
    for _ in range(program.contacts // 20):
        at = program.since + timedelta(seconds=random.random() * span)
        person = random.choice(program.people).id
        kind = random.choice(
            (
                EventKind.LEAK_CAUGHT,
                EventKind.FORGOTTEN,
                EventKind.AUTOMATIC,
                EventKind.PAUSED,
                EventKind.RESUMED,
                EventKind.FAILED,
                EventKind.OVER_BUDGET,
            )
        )
        detail = {
            EventKind.FORGOTTEN: {"hours": f"{random.random() * 50:.1f}"},
            EventKind.AUTOMATIC: {"rule": "automatic"},
            EventKind.FAILED: {"kind": "relayed"},
        }.get(kind, {})
        yield at, kind, None, person, detail


class _Thread:
    """One first contact and what became of it."""

    def __init__(
        self,
        random: Random,
        id: str,
        person: Ambassador,
        people: list[Ambassador],
        at: datetime,
        until: datetime,
    ) -> None:
        self.random, self.id, self.person, self.at, self.until = random, id, person, at, until
        self.names = [each.name for each in people]
        self.made: list[_Draft] = []

    def tell(self, kind: EventKind, /, **detail: object) -> None:
        if self.at < self.until:
            texts = {key: str(value) for key, value in detail.items()}
            self.made.append((self.at, kind, self.id, self.person.id, texts))

    def deliver(self, kind: str) -> None:
        self.tell(EventKind.DELIVERED, kind=kind, attempts=self.random.choice((1, 1, 1, 2)))

    def later(self, hours: float) -> None:
        self.at += timedelta(seconds=round(self.random.expovariate(1 / (hours * 3600)), 3) + 1)

    def told(self) -> list[_Draft]:
        outcome = self.random.choices(("forwarded", "held", "asked", "refused"), (60, 12, 8, 20))[0]
        source, words = self.random.choice(SOURCES), self.random.randint(5, 400)
        if outcome == "refused":
            return self._refused(source)
        self.tell(EventKind.CONTACTED, outcome=outcome, source=source, words=words)
        if outcome == "forwarded":
            self.tell(EventKind.CANDIDATE_WROTE, words=words)
        if self._let_in(outcome):
            self.tell(
                EventKind.DELIVERED, kind="relayed", attempts=self.random.choice((1, 1, 1, 2))
            )
            self._conversation()
        return self.made

    def _refused(self, source: str) -> list[_Draft]:
        rules = ",".join(self.random.sample((*RULES, "authenticity"), self.random.randint(1, 2)))
        facts = {"rules": rules, "source": source}
        return [(self.at, EventKind.REFUSED, None, self.person.id, facts)]

    def _let_in(self, outcome: str) -> bool:
        if outcome == "asked":
            self.tell(EventKind.ASKED_BACK, rules=self.random.choice(RULES))
            self.later(10)
            if self.random.random() < 0.5:
                self.tell(EventKind.CANDIDATE_WROTE, words=self.random.randint(20, 200))
                self.deliver("notice")
                return True
            self.tell(EventKind.LAPSED)
            return False
        if outcome == "held":
            rule = self.random.choice(RULES)
            self.tell(EventKind.HELD, rules=rule)
            self.later(12)
            kind = self.random.choice((EventKind.APPROVED, EventKind.DECLINED, EventKind.EXPIRED))
            self.tell(kind, rules=rule)
            return kind is EventKind.APPROVED
        return True

    def _conversation(self) -> None:
        fate = self.random.random()
        if fate < 0.08:  # passed on
            self.later(6)
            self.tell(EventKind.CLOSED, why="pass")
            if self.random.random() < 0.2:  # and written to again
                self.later(20)
                self.tell(EventKind.CANDIDATE_WROTE, words=30)
                self.deliver("relayed")
            return
        by = self._reminded(fate)
        if fate > 0.93:  # never answered
            if self.random.random() < 0.6:
                self.later(100)
                self.tell(EventKind.CLOSED, why="unanswered")
            return
        self.later(9)
        self.tell(EventKind.AMBASSADOR_WROTE, words=self.random.randint(0, 300), by=by)
        self.deliver("relayed")
        self._talk(by)

    def _reminded(self, fate: float) -> str:
        by = self.person.name
        if fate > 0.75:
            for number in range(self.random.randint(1, 4)):
                self.later(30)
                self.tell(EventKind.NUDGED, number=number + 1)
                self.deliver("nudge")
        if fate > 0.88:
            self.later(20)
            self.tell(EventKind.ESCALATED, to=self.person.backup)
            self.deliver("escalation")
            by = self.random.choice((self.person.name, self.person.backup))
        return by

    def _talk(self, by: str) -> None:
        turns = int(self.random.expovariate(0.6))
        for _ in range(turns):
            self.later(20)
            self.tell(EventKind.CANDIDATE_WROTE, words=self.random.randint(10, 200))
            self.deliver("relayed")
            self.later(20)
            self.tell(EventKind.AMBASSADOR_WROTE, words=self.random.randint(5, 300), by=by)
            self.deliver("relayed")
        for stage in _STAGES:
            if self.random.random() > 0.35:
                break
            self.later(100)
            self.tell(EventKind.STAGE_REACHED, stage=stage)
        self._parting()

    def _parting(self) -> None:
        """The thread goes quiet, and both are asked what they think."""
        self.later(300)
        for side in Side:
            if self.random.random() < 0.3:
                worth = self.random.choice(("yes", "yes", "yes", "no"))
                self.tell(EventKind.OPINION, side=side, worth=worth)
        if self.random.random() < 0.05:
            self.tell(EventKind.SHARED)
        if self.random.random() < 0.05:
            self.tell(EventKind.HANDED_OVER, to=self.person.backup)
        if self.random.random() < 0.5:
            self.tell(EventKind.CLOSED, why="quiet")
