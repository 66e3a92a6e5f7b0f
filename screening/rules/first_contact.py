"""Is somebody to look at every new sender first?"""

from __future__ import annotations

from config.settings import Policy
from screening.case import Case, Disposition, Finding


def first_contact(case: Case) -> Finding | None:
    """The company looks at every first contact before it is forwarded (policy strict)."""
    if case.policy is not Policy.STRICT:
        return None
    reason = "every first contact is looked at before it is forwarded"
    return Finding("first_contact", Disposition.HOLD, reason)
