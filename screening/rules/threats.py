"""Does it threaten, insult or molest?"""

from __future__ import annotations

from screening.case import Case, Finding
from screening.evidence import said

_KINDS = {
    "threat": "it threatens",
    "insult": "it insults",
    "romance": "it is about looks or love",
}


def threats(case: Case) -> tuple[Finding, ...]:
    """What nobody has to read at work."""
    return said(case, _KINDS)
