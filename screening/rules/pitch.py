"""Does somebody want to sell something?"""

from __future__ import annotations

from screening.case import Case, Finding
from screening.evidence import said

_KINDS = {
    "offer": "it offers a product or a service",
    "price": "it speaks of prices, discounts or things free of charge",
    "proof": "it praises its customers or its numbers",
    "meeting": "it wants a demonstration or a slot in the calendar",
    "person": "it looks for whoever decides",
    "chase": "it follows up on mail that was not answered",
    "event": "it invites to an event, a show or a stage",
    "seo": "it is about links, ranks, leads or loans",
}


def pitch(case: Case) -> tuple[Finding, ...]:
    """Offers, prices, references and demonstrations, whoever they say they are."""
    return said(case, _KINDS)
