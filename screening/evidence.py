"""Evidence: findings that decide nothing alone, and whose weight the model knows."""

from __future__ import annotations

import math
from collections.abc import Mapping

from screening.case import Case, Disposition, Finding

_MOST = 2.0  # strength of four different phrases, and of more


def noted(name: str, reason: str, strength: float = 1.0) -> Finding:
    """One piece of evidence; until it is weighed, `weight` is its strength: at most 2."""
    return Finding(name, Disposition.ACCEPT, reason, weight=min(_MOST, strength))


def strength(count: int) -> float:
    """Of so many halves of phrases: the second says less than the first, the fifth nothing new."""
    return min(_MOST, math.sqrt(count / 2))


def said(case: Case, kinds: Mapping[str, str]) -> tuple[Finding, ...]:
    """One finding for each of these kinds of phrases that the message holds, with its sentence."""
    counts = case.reading.said
    return tuple(
        noted(kind, reason, strength(counts[kind]))
        for kind, reason in kinds.items()
        if counts.get(kind)
    )
