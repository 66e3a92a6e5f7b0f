"""The figures of the report once more, the slow and obvious way, straight from the events."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from fractions import Fraction

from storage.records.events import Event, EventKind
from storage.records.people import Ambassador

K = EventKind
DAY = timedelta(hours=24)
STAGES = ["coffee", "recommended", "interviewing", "hired"]

Value = tuple[float | None, int | None]  # and its n
Working = Callable[[Ambassador, datetime, datetime], timedelta]


class Contact:
    """One first contact that was let in, and everything that followed in its thread."""

    def __init__(self, mails: list[Event], until: datetime) -> None:
        self.mails, self.until = mails, until
        [self.first] = [each for each in mails if each.kind is K.CONTACTED]
        self.forwarded = self.first.detail["outcome"] == "forwarded"

    def all(self, kind: EventKind) -> list[Event]:
        return [each for each in self.mails if each.kind is kind]

    @property
    def reached(self) -> datetime | None:
        if self.forwarded:
            return self.first.at
        let = self.all(K.APPROVED) + self.all(K.CANDIDATE_WROTE)
        return min(each.at for each in let) if let else None

    @property
    def answer(self) -> Event | None:
        answers = self.all(K.AMBASSADOR_WROTE)
        return min(answers, key=lambda each: each.at) if answers else None

    @property
    def closed(self) -> Event | None:
        ends = self.all(K.CLOSED)
        if not ends or self.answer or not self.reached:
            return None
        later = [each for each in self.all(K.CANDIDATE_WROTE) if each.at > ends[-1].at]
        return None if later else ends[-1]

    @property
    def turns(self) -> tuple[int, int]:
        candidate = len(self.all(K.CANDIDATE_WROTE)) + (0 if self.forwarded else 1)
        return candidate, len(self.all(K.AMBASSADOR_WROTE))

    @property
    def conversed(self) -> bool:
        return min(self.turns) >= 2

    @property
    def escalated(self) -> bool:
        return any(each.detail["to"] for each in self.all(K.ESCALATED))

    @property
    def saved(self) -> bool:
        helpers = {each.detail["to"] for each in self.all(K.ESCALATED)}
        return self.answer is not None and self.escalated and self.answer.detail["by"] in helpers

    @property
    def step(self) -> int:
        """0 contact, 1 answered, 2 conversation, 3 coffee, ..."""
        steps = [0]
        if self.answer:
            steps.append(1)
        if self.conversed:
            steps.append(2)
        stages = {each.detail["stage"] for each in self.all(K.STAGE_REACHED)}
        steps += [3 + STAGES.index(stage) for stage in stages if stage in STAGES]
        return max(steps)


def contacts(events: Iterable[Event], until: datetime) -> list[Contact]:
    threads: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.thread_id:
            threads[event.thread_id].append(event)
    return [
        Contact(mails, until)
        for mails in threads.values()
        if any(each.kind is K.CONTACTED for each in mails)
    ]


def share(part: int, whole: int) -> Value:
    return (part / whole if whole else None), whole


def middle(values: list[timedelta], tenths: int) -> Value:
    """A quantile in hours, interpolated between the two nearest."""
    if not values:
        return None, 0
    ordered = sorted(values)
    if len(ordered) == 1:
        return ordered[0] / timedelta(hours=1), 1
    seconds = [each / timedelta(seconds=1) for each in ordered]
    cuts = statistics.quantiles(seconds, n=10, method="inclusive")
    return cuts[tenths - 1] / 3600, len(values)


def times(
    known: list[Contact], people: dict[str, Ambassador], working: Working
) -> dict[str, Value]:
    wall, work, slow_wall, slow_work = [], [], 0, 0
    for each in known:
        person = people[each.first.ambassador_id or ""]
        if each.answer:
            wall.append(each.answer.at - each.first.at)
            work.append(working(person, each.reached or each.first.at, each.answer.at))
        elif each.reached:
            end = each.closed.at if each.closed else each.until
            slow_wall += end - each.first.at > DAY
            slow_work += working(person, each.reached, end) > DAY
    return {
        "within_24h": share(sum(t <= DAY for t in wall), len(wall) + slow_wall),
        "within_24h_working": share(sum(t <= DAY for t in work), len(work) + slow_work),
        "median": middle(wall, 5),
        "p90": middle(wall, 9),
        "median_working": middle(work, 5),
        "p90_working": middle(work, 9),
    }


def row(
    known: list[Contact], refused: int, people: dict[str, Ambassador], working: Working
) -> dict[str, float | None]:
    """What the breakdown shows of one group."""
    clock = {key: value for key, (value, _) in times(known, people, working).items()}
    reached = [each for each in known if each.reached]
    return {
        "contacts": len(known),
        "refused": refused,
        **{key: clock[key] for key in ("within_24h", "within_24h_working", "median", "p90")},
        "waiting": sum(1 for each in reached if not each.answer and not each.closed),
        "precision": share(sum(1 for each in known if each.answer), len(reached))[0],
        "conversations": sum(each.conversed for each in known),
        "recommended": sum(each.step >= 4 for each in known),
        "hired": sum(each.step >= 6 for each in known),
    }


def figures(
    events: list[Event], until: datetime, people: dict[str, Ambassador], working: Working
) -> dict[str, Value]:
    """Every figure of the sections but those that the present state of threads gives."""
    known = contacts(events, until)
    kinds = Counter(event.kind for event in events)
    refused = [each for each in events if each.kind is K.REFUSED and not each.thread_id]
    reached = [each for each in known if each.reached]
    answered = [each for each in known if each.answer]
    outcomes = Counter(each.first.detail["outcome"] for each in known)
    outcomes["refused"] = len(refused)
    escalated = [each for each in known if each.escalated]
    found: dict[str, Value] = times(known, people, working)
    found |= {
        "contacts": (len(known), None),
        "reached": (len(reached), None),
        "messages_in": (kinds[K.CANDIDATE_WROTE], None),
        "messages_out": (kinds[K.AMBASSADOR_WROTE], None),
        "screened": (len(known) + len(refused), None),
        "precision": share(len(answered), len(reached)),
        "passed": (sum(1 for c in known if c.closed and c.closed.detail["why"] == "pass"), None),
        "automatic": (kinds[K.AUTOMATIC], None),
        "overturned": share(
            kinds[K.APPROVED], kinds[K.APPROVED] + kinds[K.DECLINED] + kinds[K.EXPIRED]
        ),
        "asked_on": share(
            sum(1 for c in reached if c.first.detail["outcome"] == "asked"), outcomes["asked"]
        ),
        "lapsed": (kinds[K.LAPSED], None),
        "never_answered": share(sum(1 for c in reached if c.closed), len(reached)),
        "nudges": (kinds[K.NUDGED], None),
        "handed_over": (kinds[K.HANDED_OVER], None),
        "shared": (kinds[K.SHARED], None),
        "nudges_per_answer": share(sum(len(c.all(K.NUDGED)) for c in answered), len(answered)),
        "escalations": (kinds[K.ESCALATED], None),
        "escalated": share(len(escalated), len(reached)),
        "saved": share(sum(c.saved for c in escalated), len(escalated)),
        "candidate_turns": share(sum(c.turns[0] for c in known), len(known)),
        "ambassador_turns": share(sum(c.turns[1] for c in known), len(known)),
        "conversations": share(sum(c.conversed for c in known), len(reached)),
        "over_budget": (kinds[K.OVER_BUDGET], None),
        "pauses": (kinds[K.PAUSED], None),
        "leaks": (kinds[K.LEAK_CAUGHT], None),
        "erasures": (kinds[K.FORGOTTEN], None),
        "erasure_median": middle(
            [timedelta(hours=float(e.detail["hours"])) for e in events if e.kind is K.FORGOTTEN], 5
        ),
        "delivered": share(kinds[K.DELIVERED], kinds[K.DELIVERED] + kinds[K.FAILED]),
        "failed": (kinds[K.FAILED], None),
        "forgeries": (
            sum("authenticity" in e.detail["rules"] for e in events if e.kind is K.REFUSED),
            None,
        ),
    }
    screened = found["screened"][0]
    for outcome in ("forwarded", "asked", "held", "refused"):
        found[outcome] = share(outcomes[outcome], int(screened or 0))
    decisions = [e for e in events if e.kind in (K.APPROVED, K.DECLINED, K.EXPIRED)]
    for rule in {e.detail["rules"] for e in decisions}:
        about = [e.kind for e in decisions if e.detail["rules"] == rule]
        found[f"overturned:{rule}"] = share(about.count(K.APPROVED), len(about))
    for kind in (K.HELD, K.ASKED_BACK, K.REFUSED):
        rules = Counter(r for e in events if e.kind is kind for r in e.detail["rules"].split(","))
        found |= {f"{kind}:{rule}": (number, None) for rule, number in rules.items()}
    for place, step in enumerate(["contact", "answered", "conversation", *STAGES]):
        found[f"funnel:{step}"] = share(sum(c.step >= place for c in known), len(known))
    for stage in STAGES:
        taken = [e for e in events if e.kind is K.STAGE_REACHED and e.detail["stage"] == stage]
        found[f"stage:{stage}"] = (len(taken), None)
    for side in ("candidate", "ambassador"):
        opinions = [e.detail for e in events if e.kind is K.OPINION]
        said = [each["worth"] for each in opinions if each["side"] == side]
        found[f"worth:{side}"] = share(said.count("yes"), len(said))
    return found


def minutes(events: list[Event], until: datetime) -> dict[str, Fraction]:
    """Estimated minutes of each ambassador: a mail a minute, 200 words read and 30 written in one."""
    spent: dict[str, Fraction] = defaultdict(Fraction)
    for event in events:
        person = event.ambassador_id or ""
        if event.kind is K.CANDIDATE_WROTE:
            spent[person] += 1 + Fraction(int(event.detail["words"]), 200)
        if event.kind is K.AMBASSADOR_WROTE:
            spent[person] += 1 + Fraction(int(event.detail["words"]), 30)
    for each in contacts(events, until):
        if each.reached and not each.forwarded:
            words = int(each.first.detail["words"])
            spent[each.first.ambassador_id or ""] += 1 + Fraction(words, 200)
    return spent
