"""How far conversations came: from a first contact to a new colleague."""

from __future__ import annotations

from relay.reports.facts import Facts
from relay.reports.measures import count, share
from relay.reports.tally import STEPS, Tally
from relay.reports.values import Figure
from storage.records.events import EventKind

_STEP_LABELS = (
    "Contact",
    "Answered",
    "Conversation",
    "Coffee",
    "Recommended",
    "Interview",
    "Hired",
)


def reached(tally: Tally) -> tuple[Figure, ...]:
    """How far the period's new contacts came until its end, as shares of all of them."""
    return tuple(
        share(f"funnel:{step}", label, tally.step(number), tally.contacts)
        for number, (step, label) in enumerate(zip(STEPS, _STEP_LABELS, strict=True))
    )


def taken(facts: Facts) -> tuple[Figure, ...]:
    """Steps that were taken in the period, whenever the conversation began."""
    return tuple(
        count(f"stage:{step}", label, facts.number(EventKind.STAGE_REACHED, step))
        for step, label in zip(STEPS[3:], _STEP_LABELS[3:], strict=True)
    )


def hires(facts: Facts) -> tuple[Figure, ...]:
    """How many of the company's new people came through ambassadors, or by referral at all."""
    known = facts.hires
    return (
        count("hires", "People hired, of whom a list was imported", known.number),
        share("hired_through", "Hired through an ambassador", known.through, known.number),
        share("hired_referred", "Hired by referral of any kind", known.referred, known.number),
    )
