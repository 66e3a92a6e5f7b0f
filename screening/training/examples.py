"""The training mails as what the trainer counts, and weights made from some of them."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import replace

from screening.judge import evidence
from screening.model import WORDING, Weights
from screening.training.corpus import Labelled
from screening.training.fit import Example, Table, fit, table
from screening.wording import BUCKETS, buckets

SERIOUS = "serious"


def example(mail: Labelled) -> Example:
    """What is found in one mail; the wording's strength is added once the others are counted."""
    case = mail.case
    strengths = {found.rule: found.weight for found in evidence(case)}
    text = f"{case.message.header('Subject')[:300]}\n{case.reading.texts[0]}"
    found = buckets(text, case.addressee.first_name)
    return Example(mail.label == SERIOUS, strengths, found)


def taught(examples: Sequence[Example]) -> tuple[float, dict[str, float], Table]:
    """Bias, weights and wording of these mails; no mail's own n-grams speak for or against it."""
    counted = table(examples)
    complete = [_with_wording(one, counted, known=True) for one in examples]
    bias, weights = fit(complete)
    return bias, weights, counted


def likely(one: Example, bias: float, weights: dict[str, float], counted: Table) -> float:
    """The likelihood of a mail that was not among those taught."""
    complete = _with_wording(one, counted, known=False)
    total = sum(weights[name] * strength for name, strength in complete.strengths.items())
    return 1 / (1 + math.exp(-bias - total))


def packed(bias: float, weights: dict[str, float], counted: Table) -> str:
    """The weights as they are shipped."""
    odds = (round(counted.odds(bucket) * 32) for bucket in range(BUCKETS))
    written = {
        "bias": round(bias, 4),
        "findings": {name: round(weight, 4) for name, weight in sorted(weights.items())},
        "wording": base64.b64encode(bytes(value % 256 for value in odds)).decode(),
    }
    return json.dumps(written, indent=1) + "\n"


def unpacked(written: str) -> Weights:
    """What `screening.model` reads."""
    read = json.loads(written)
    return Weights(read["bias"], read["findings"], base64.b64decode(read["wording"]))


def _with_wording(one: Example, counted: Table, known: bool) -> Example:
    return replace(one, strengths={**one.strengths, WORDING: counted.score(one, known)})
