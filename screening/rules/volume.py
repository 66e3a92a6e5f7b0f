"""Does it come too fast? Limits hold for proven senders, so that a forger cannot use them up."""

from __future__ import annotations

from screening.case import Case, Disposition, Finding

RULE = "volume"

SENDER_A_MINUTE = 120
THREAD_A_MINUTE = 30


def volume(case: Case) -> Finding | None:
    """More mail than a person writes; later it is welcome again."""
    if case.authentication.trusted:
        return None  # the company's own hosts see to that themselves
    if case.history.last_minute >= SENDER_A_MINUTE:
        reason = (
            f"this sender wrote {SENDER_A_MINUTE} messages within a minute; please wait a little"
        )
        return Finding(RULE, Disposition.DEFER, reason)
    if case.history.thread_last_minute >= THREAD_A_MINUTE:
        reason = f"{THREAD_A_MINUTE} messages came within a minute here; please wait a little"
        return Finding(RULE, Disposition.DEFER, reason)
    return None
