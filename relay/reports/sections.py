"""The sections of a report in their order, and a period beside the one before."""

from __future__ import annotations

from collections.abc import Callable

from relay.reports import figures, funnel, load, screened
from relay.reports.facts import Facts
from relay.reports.values import Figure, Line, Section
from relay.reports.withholding import too_small

Figures = tuple[Figure, ...]

SECTIONS: tuple[tuple[str, str, Callable[[Facts], Figures], str], ...] = (
    ("contacts", "New contacts", figures.contacts, ""),
    (
        "answers",
        "Time to the first answer",
        figures.answers,
        "Counted from the first mail on the wall clock, and from its arrival in the ambassador's "
        "mailbox in working hours. Who has waited for less than 24 hours is in neither share.",
    ),
    ("screening", "Screening", screened.screening, ""),
    (
        "reasons",
        "Why mails were held, asked back or refused",
        screened.reasons,
        "One mail may have several reasons.",
    ),
    ("followup", "Reminders", figures.followup, ""),
    ("depth", "Depth of conversation", figures.depth, ""),
    (
        "funnel",
        "How far new contacts came",
        lambda facts: funnel.reached(facts.tally),
        "Of the contacts that began in the period, as it stood at its end.",
    ),
    (
        "steps",
        "Steps taken",
        funnel.taken,
        "In the period, whenever the conversation began.",
    ),
    ("load", "Load of the ambassadors", load.section, load.NOTE),
    (
        "opinions",
        "Was it worth their time?",
        figures.opinions,
        "Asked once, when a conversation has gone quiet; answered in the period.",
    ),
    ("hires", "New colleagues", funnel.hires, ""),
    ("privacy", "Privacy", figures.privacy, ""),
    ("delivery", "Delivery", figures.delivery, ""),
)


def sections(now: Facts, before: Facts) -> tuple[Section, ...]:
    made = [
        Section(key, title, _lines(make(now), make(before)), note)
        for key, title, make, note in SECTIONS
    ]
    return tuple(section for section in made if section.lines)


# Behind these there are no people, or not what somebody said.
_OTHERS = frozenset({"minutes", "minutes_p90", "spread", "delivered"})


def _guarded(figure: Figure) -> Figure:
    """The figure, unless it is a share, mean or time that few candidates stand behind."""
    few = figure.key not in _OTHERS and too_small(figure.n or 0)
    return figure.hidden() if few else figure


def _lines(now: Figures, before: Figures) -> tuple[Line, ...]:
    """The figures of both periods side by side; one that a period does not have is 0 in it."""
    ours = {figure.key: _guarded(figure) for figure in now}
    earlier = {figure.key: _guarded(figure) for figure in before}
    return tuple(
        Line(ours.get(key) or _zero(earlier[key]), earlier.get(key) or _zero(ours[key]))
        for key in dict.fromkeys((*ours, *earlier))
    )


def _zero(other: Figure) -> Figure:
    return Figure(other.key, other.label, other.unit, 0)
