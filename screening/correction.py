"""What one company's decisions add to the shipped weights: little, unless they repeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_STEP = 0.05  # of each decision; some ten alike move a weight by what one word is worth
_BOUND = 1.0  # no weight moves further, whatever is decided


def learn(
    strengths: Iterable[tuple[str, float]], likelihood: float, welcome: bool
) -> dict[str, float]:
    """What one decision adds to each weight: the step of logistic regression towards it.

    A decision that the weights foresaw adds next to nothing. The sums of what is kept are the
    correction; take a candidate's away, and it is as if they had never been decided on.
    """
    error = float(welcome) - likelihood
    return {name: _STEP * error * strength for name, strength in strengths if strength}


def correction(learned: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The correction that these decisions make together."""
    total: dict[str, float] = {}
    for one in learned:
        for name, value in one.items():
            total[name] = total.get(name, 0.0) + value
    return {name: max(-_BOUND, min(_BOUND, value)) for name, value in total.items()}
