"""Does the program want mail from this sender at all?"""

from __future__ import annotations

from screening.case import Case, Disposition, Finding


def blocked(case: Case) -> Finding | None:
    """The sender or their domain is blocked for the whole program."""
    if not case.history.blocked:
        return None
    return Finding("blocked", Disposition.REJECT, "this sender is not welcome here")
