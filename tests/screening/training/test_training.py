"""The training mails, the trainer, and the weights that are shipped."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

import screening
from screening.near import fingerprint, similar
from screening.training.corpus import corpus
from screening.training.examples import example, packed, taught, unpacked
from screening.training.fit import EXPECTED, Example, fit

SHIPPED = Path(screening.__file__).parent / "weights.json"


def test_there_are_mails_of_every_label_in_many_languages() -> None:
    labels = Counter(mail.label for mail in corpus())
    assert set(labels) == {"serious", "student", "applicant", "vendor", "abuse", "automatic"}
    assert sum(labels.values()) >= 400
    assert len({mail.language for mail in corpus()}) >= 14


def test_no_mail_is_there_twice() -> None:
    marks = [fingerprint(mail.case.message.text, b"key") for mail in corpus()]
    doubles = [
        corpus()[number].case.message.header("Subject")
        for number, mark in enumerate(marks)
        if any(similar(mark, other) for other in marks[:number])
    ]
    assert doubles == []


def test_every_finding_has_an_expected_weight() -> None:
    assert {name for mail in corpus() for name in example(mail).strengths} <= set(EXPECTED)


def test_the_shipped_weights_are_what_the_mails_teach() -> None:
    fresh = json.loads(packed(*taught([example(mail) for mail in corpus()])))
    shipped = json.loads(SHIPPED.read_text("utf-8"))
    assert fresh["bias"] == pytest.approx(shipped["bias"], abs=0.01)
    assert fresh["findings"] == pytest.approx(shipped["findings"], abs=0.01)
    assert fresh["wording"] == shipped["wording"]


def test_no_shipped_weight_has_the_wrong_sign() -> None:
    weights = unpacked(SHIPPED.read_text("utf-8")).findings
    assert all(weight * EXPECTED[name] >= 0 for name, weight in weights.items())


def test_mails_move_a_weight_from_where_it_was_expected() -> None:
    drawn = random.Random(7)
    mails = [
        Example(
            serious, {"own": 1.0} if drawn.random() < (0.9 if serious else 0.1) else {}, frozenset()
        )
        for serious in [True, False] * 100
    ]
    _, weights = fit(mails)
    assert weights["own"] > EXPECTED["own"]
    assert weights["offer"] == EXPECTED["offer"]


def test_mails_that_contradict_do_not_turn_a_weight_round() -> None:
    mails = [
        Example(serious, {"own": 1.0} if not serious else {}, frozenset())
        for serious in [True, False] * 200
    ]
    assert 0 <= fit(mails)[1]["own"] < EXPECTED["own"] / 2
