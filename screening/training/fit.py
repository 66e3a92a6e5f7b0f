"""Logistic regression with a Gaussian prior around what is expected, by coordinate descent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from screening.wording import BUCKETS
from screening.wordlists import lists

EXPECTED = {
    name: float(weight)
    for weight, names in lists("screening.training", "expected.txt").items()
    for name in sorted(names)  # the order in which they are moved
}
VARIANCE = 0.2  # how far the mails may move a weight from what is expected
_SWEEPS = 200
_CLEAR = 1e-4  # a sweep that moves no weight further is the last
_SEEN = 2  # mails that must have a bucket before it says anything
_LOUDEST = 2.0  # log-odds of one bucket


@dataclass(frozen=True, slots=True)
class Example:
    """One mail as the trainer sees it."""

    serious: bool
    strengths: Mapping[str, float]
    buckets: frozenset[int]


@dataclass(frozen=True, slots=True)
class Table:
    """How many serious and other mails have each bucket."""

    serious: Sequence[int]
    other: Sequence[int]
    mails: tuple[int, int]

    def odds(self, bucket: int, without: Example | None = None) -> float:
        """What the bucket says; `without` one mail, so that none is judged by itself."""
        ours, theirs = self.serious[bucket], self.other[bucket]
        us, them = self.mails
        if without is not None:
            ours, us = ours - without.serious, us - without.serious
            theirs, them = theirs - (not without.serious), them - (not without.serious)
        if ours + theirs < _SEEN:
            return 0.0
        odds = math.log((ours + 1) / (us + 2)) - math.log((theirs + 1) / (them + 2))
        return max(-_LOUDEST, min(_LOUDEST, odds))

    def score(self, example: Example, known: bool) -> float:
        """The wording's strength of a mail that is (`known`) or is not among those counted."""
        without = example if known else None
        total = sum(self.odds(bucket, without) for bucket in example.buckets)
        spread = math.sqrt(max(20, len(example.buckets)))
        return max(-2.0, min(2.0, total / spread / 4.0))


def table(examples: Sequence[Example]) -> Table:
    """Counts the buckets."""
    serious, other = [0] * BUCKETS, [0] * BUCKETS
    for example in examples:
        counts = serious if example.serious else other
        for bucket in example.buckets:
            counts[bucket] += 1
    ours = sum(example.serious for example in examples)
    return Table(serious, other, (ours, len(examples) - ours))


def fit(examples: Sequence[Example]) -> tuple[float, dict[str, float]]:
    """The bias and the weights; `strengths` hold the wording already."""
    weights = dict(EXPECTED)
    columns: dict[str, list[tuple[int, float]]] = {name: [] for name in weights}
    for place, example in enumerate(examples):
        for name, strength in example.strengths.items():
            columns[name].append((place, strength))
    sums = [
        sum(weights[name] * strength for name, strength in example.strengths.items())
        for example in examples
    ]
    bias, targets = 0.0, [float(example.serious) for example in examples]
    ones = [(place, 1.0) for place in range(len(examples))]
    for _ in range(_SWEEPS):
        moved = abs(step := _step(ones, sums, targets, 0.0, 0.0))
        bias += step
        for name, column in columns.items():
            step = _step(column, sums, targets, weights[name] - EXPECTED[name], 1 / VARIANCE)
            step = _bounded(weights[name] + step, EXPECTED[name]) - weights[name]
            weights[name] += step
            moved = max(moved, abs(step))
            for place, strength in column:
                sums[place] += step * strength
        if moved < _CLEAR:
            break
    return bias, weights


def _step(
    column: list[tuple[int, float]],
    sums: list[float],
    targets: list[float],
    away: float,
    pull: float,
) -> float:
    """Newton's step for one weight that is `away` from what is expected."""
    slope, curve = away * pull, pull + 1e-9
    for place, strength in column:
        likely = 1 / (1 + math.exp(-sums[place]))
        slope += strength * (likely - targets[place])
        curve += strength * strength * max(0.05, likely * (1 - likely))
    step = max(-0.5, min(0.5, -slope / curve))
    if pull == 0.0:
        for place, _ in column:
            sums[place] += step
    return step


def _bounded(weight: float, expected: float) -> float:
    """On the side of zero where it is expected."""
    if expected > 0:
        return max(0.0, weight)
    return min(0.0, weight) if expected < 0 else weight
