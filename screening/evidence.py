"""Evidence: findings that decide nothing alone, and whose weight the model knows."""

from __future__ import annotations

from collections.abc import Mapping

from screening.case import Case, Disposition, Finding

_MOST = 2.0  # strength of four different phrases, and of more


def noted(name: str, reason: str, strength: float = 1.0) -> Finding:
    """One piece of evidence; until it is weighed, `weight` is its strength: at most 2."""
    return Finding(name, Disposition.ACCEPT, reason, weight=min(_MOST, strength))


def said(case: Case, kinds: Mapping[str, str]) -> tuple[Finding, ...]:
    """One finding for each of these kinds of phrases that the message holds, with its sentence.

    The second phrase of a kind says less than the first, and the fifth says nothing new.
    """
    counts = case.reading.said
    return tuple(
        noted(kind, reason, (counts[kind] / 2) ** 0.5)
        for kind, reason in kinds.items()
        if counts.get(kind)
    )
