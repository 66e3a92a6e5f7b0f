"""Text that is there for a machine and not for the reader."""

from __future__ import annotations

from screening.case import Case, Finding
from screening.evidence import noted

_HIDDEN = 40  # letters that newsletters and signatures may hide
_MANY = 2  # look-alike letters or cuts; one can be a slip of the keyboard


def injection(case: Case) -> tuple[Finding, ...]:
    """Orders to an automatic judge, hidden text and disguised letters; never more than evidence.

    Whoever works with such texts writes about them, so that visible orders count only in a mail
    that does not speak of the topic.
    """
    reading = case.reading
    hidden, seen = reading.hidden_said.get("judge", 0), reading.said.get("judge", 0)
    found = []
    if hidden or (seen and "topic_of_judges" not in reading):
        found.append(
            noted("judge", "it gives orders to an automatic judge", float(2 * hidden + seen))
        )
    if hidden or len(reading.seen.hidden) > _HIDDEN:
        found.append(noted("hidden", "it hides text from its reader"))
    if reading.disguises >= _MANY:
        found.append(
            noted("disguised", "its letters are disguised", (reading.disguises / 2) ** 0.5)
        )
    if reading.differs:
        found.append(noted("differs", "its text and its HTML say different things"))
    return tuple(found)
