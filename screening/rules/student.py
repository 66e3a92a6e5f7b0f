"""Does somebody at the beginning ask for guidance?"""

from __future__ import annotations

from screening.case import Case, Finding
from screening.evidence import said

_KINDS = {
    "student": "it comes from studies or school, or asks for an internship",
    "newcomer": "it asks how to begin in the trade",
    "mentor": "it asks for advice, guidance or a referral",
    "survey": "it asks to take part in a survey",
}


def student(case: Case) -> tuple[Finding, ...]:
    """Internships, theses, first steps and referrals: for the careers page, not for a peer."""
    return said(case, _KINDS)
