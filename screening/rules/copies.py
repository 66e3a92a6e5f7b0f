"""Did others get the same words?"""

from __future__ import annotations

from screening.case import Case, Disposition, Finding


def copies(case: Case) -> Finding | None:
    """The same text, but for names, went to another ambassador within the last thirty days."""
    count = case.history.copies
    if not count:
        return None
    many = "several others" if count > 1 else "somebody else"
    reason = f"nearly the same words went to {many} here; please write to one person"
    return Finding(
        "copies", Disposition.HOLD if case.history.asked_before else Disposition.ASK, reason
    )
