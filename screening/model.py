"""The learned weights: how likely do these findings and this wording make a serious author?"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from screening.case import Case, Finding
from screening.evidence import noted
from screening.wording import buckets, score

WORDING = "wording"
_UNIT = 4.0  # of the wording's score, so that its strength is of the size of the others'


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight for each kind of finding: positive speaks for the author. See training.fit."""

    bias: float
    findings: Mapping[str, float]
    wording: bytes  # one signed byte for each bucket


@cache
def weights() -> Weights:
    """The weights that are shipped."""
    read = json.loads((files("screening") / "weights.json").read_text("utf-8"))
    return Weights(read["bias"], read["findings"], base64.b64decode(read["wording"]))


def wording(case: Case, table: bytes) -> Finding:
    """How alike the wording is to that of serious mail; may be negative."""
    text = f"{case.message.header('Subject')[:300]}\n{case.reading.texts[0]}"
    value = score(buckets(text, case.addressee.first_name), table) / _UNIT
    said = (
        "its wording is like that of serious mail" if value > 0 else "its wording is not like that"
    )
    return noted(WORDING, said, value)


def weigh(
    evidence: Iterable[Finding],
    learned: Weights,
    correction: Mapping[str, float],
    given: Iterable[Finding] = (),
) -> tuple[Finding, ...]:
    """The evidence with its weight for (negative) or against (positive), the heaviest first.

    Findings that were `given` a weight by their rule are put among them.
    """
    weighed = [
        replace(
            found,
            weight=-found.weight
            * (learned.findings.get(found.rule, 0.0) + correction.get(found.rule, 0.0)),
        )
        for found in evidence
    ]
    weighed += [found for found in given if found.weight]
    return tuple(sorted(weighed, key=lambda found: abs(found.weight), reverse=True))


def likelihood(weighed: Iterable[Finding], bias: float) -> float:
    """The probability, from 0 to 1, that the author is serious."""
    return 1 / (1 + math.exp(-bias + sum(found.weight for found in weighed)))
