"""Does the author speak of work of their own?"""

from __future__ import annotations

from screening.case import Case, Finding
from screening.evidence import noted, said

_KINDS = {
    "own": "it speaks of work that its author does",
    "ours": "it speaks of work that its author's team or company does",
    "trouble": "it tells what went wrong or what is hard",
    "craft": "it uses the words of a trade",
}


def own_work(case: Case) -> tuple[Finding, ...]:
    """A peer says what they do, with the words of the trade, and what they are stuck with."""
    reading = case.reading
    found = list(said(case, _KINDS))
    if reading.marked > 1:
        found.append(noted("marked", "it names things precisely", (reading.marked / 3) ** 0.5))
    if reading.numbers > 1:
        found.append(noted("numbers", "it gives numbers", (reading.numbers / 4) ** 0.5))
    return tuple(found)
