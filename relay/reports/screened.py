"""What screening did with first contacts, why, and where people disagreed with it."""

from __future__ import annotations

from collections import Counter

from relay.reports.facts import UNNAMED, Facts
from relay.reports.measures import count, share
from relay.reports.values import Figure
from storage.records.events import EventKind

OUTCOMES = (
    ("forwarded", "forwarded at once"),
    ("asked", "asked back"),
    ("held", "held"),
    ("refused", "refused"),
)


def screening(facts: Facts) -> tuple[Figure, ...]:
    tally = facts.tally
    n = tally.outcomes.total()
    outcomes = (
        share(key, f"First contacts {words}", tally.outcomes[key], n) for key, words in OUTCOMES
    )
    overturned = facts.number(EventKind.APPROVED)
    decided = overturned + facts.number(EventKind.DECLINED) + facts.number(EventKind.EXPIRED)
    return (
        count("screened", "First contacts screened", n),
        *outcomes,
        share(
            "asked_on",
            "Asked back, and passed on after the answer",
            tally.asked_on,
            tally.outcomes["asked"],
        ),
        count("lapsed", "Asked back, and ended with that", facts.number(EventKind.LAPSED)),
        share("overturned", "Held mails that were approved after all", overturned, decided),
        share("precision", "Precision: worth more than a /pass", tally.answered, tally.reached),
        count("passed", "Passed on by the ambassador", tally.passed),
        count(
            "automatic", "Automatic mails that went no further", facts.number(EventKind.AUTOMATIC)
        ),
    )


def reasons(facts: Facts) -> tuple[Figure, ...]:
    """How often each rule held, asked back or refused a mail, and how often a person disagreed."""
    kinds = (
        (EventKind.HELD, "Held"),
        (EventKind.ASKED_BACK, "Asked back"),
        (EventKind.REFUSED, "Refused"),
    )
    counted = tuple(
        count(f"{kind}:{rule}", f"{word}: {rule}", number)
        for kind, word in kinds
        for rule, number in _frequent(facts.rules(kind))
    )
    return counted + _overturned(facts)


def _overturned(facts: Facts) -> tuple[Figure, ...]:
    """Of the mails that each rule held, the share that a person let through."""
    approved = facts.rules(EventKind.APPROVED)
    decided = approved + facts.rules(EventKind.DECLINED) + facts.rules(EventKind.EXPIRED)
    return tuple(
        share(f"overturned:{rule}", f"Held for {rule}, and approved", approved[rule], number)
        for rule, number in _frequent(decided)
        if rule != UNNAMED
    )


def _frequent(rules: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first."""
    return sorted(rules.items(), key=lambda pair: (-pair[1], pair[0]))
