"""Does somebody place people, or want to place the ambassador?"""

from __future__ import annotations

from screening.case import Case, Finding
from screening.evidence import said

_KINDS = {
    "profiles": "it offers staff, contractors or a team for hire",
    "recruit": "it recruits, or pays for opinions",
    "rate": "it names rates of pay",
}


def agency(case: Case) -> tuple[Finding, ...]:
    """Profiles and rates, positions at clients, paid interviews."""
    return said(case, _KINDS)
