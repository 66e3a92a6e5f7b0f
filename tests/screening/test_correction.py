"""One company's decisions move the weights a little, and can be taken back."""

from __future__ import annotations

from mails import a_case, a_message

from screening.case import Case, Disposition
from screening.correction import correction, learn
from screening.screen import screen

VENDOR = "Hi Alex, we help companies cut cloud costs. Our clients save 40%. Are you free for a quick demo on Tuesday?"


def case(text: str, **parts: object) -> Case:
    return a_case(message=a_message(text=text), **parts)


def test_one_decision_moves_little_and_many_alike_move_more() -> None:
    verdict = screen(case(VENDOR))
    once = learn(verdict.strengths, verdict.score, welcome=True)
    some = screen(case(VENDOR, correction=correction([once]))).score
    many = screen(case(VENDOR, correction=correction([once] * 30))).score
    assert verdict.score < some < many
    assert some - verdict.score < 0.05


def test_a_decision_that_was_foreseen_teaches_next_to_nothing() -> None:
    verdict = screen(case(VENDOR))
    foreseen = learn(verdict.strengths, verdict.score, welcome=False)
    unforeseen = learn(verdict.strengths, verdict.score, welcome=True)
    assert max(map(abs, foreseen.values())) < max(map(abs, unforeseen.values())) / 5


def test_what_is_taken_away_was_never_learned() -> None:
    first, second = {"offer": 0.1}, {"offer": 0.2, "own": 0.1}
    assert correction([first]) == {"offer": 0.1}
    assert correction([first, second]) != correction([first])


def test_no_weight_moves_out_of_bounds() -> None:
    assert correction([{"offer": 0.5}] * 50 + [{"own": -0.5}] * 50) == {"offer": 1.0, "own": -1.0}


def test_no_correction_makes_a_forgery_welcome() -> None:
    taught = {"offer": 1.0, "price": 1.0, "meeting": 1.0}
    lured = case("Verify your account: click here within 24 hours, log in here", correction=taught)
    assert screen(lured).disposition >= Disposition.HOLD
