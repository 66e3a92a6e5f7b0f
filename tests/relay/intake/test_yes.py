from __future__ import annotations

import pytest

from relay.intake.yes import yes_or_no

SEND, MASK = frozenset({"send"}), frozenset({"mask"})


@pytest.mark.parametrize("text", ["Yes", "ja, gern", "/yes", "  *JA!*", "Einverstanden."])
def test_these_mean_yes(text: str) -> None:
    assert yes_or_no(text)[0] is True


@pytest.mark.parametrize("text", ["No", "nein danke", "> Nope"])
def test_these_mean_no(text: str) -> None:
    assert yes_or_no(text)[0] is False


@pytest.mark.parametrize("text", ["", "...", "maybe", "yesterday I was ill", "not yet", "42 yes"])
def test_what_is_neither_is_not_guessed(text: str) -> None:
    assert yes_or_no(text)[0] is None


def test_a_question_may_have_words_of_its_own_beside_yes_and_no() -> None:
    answers = [yes_or_no(text, SEND, MASK)[0] for text in ("Send it", "yes", "mask", "no", "hm")]
    assert answers == [True, True, False, False, None]
    assert yes_or_no("send")[0] is None


def test_what_stands_behind_the_first_word_is_kept_for_the_reader() -> None:
    assert yes_or_no("yes, of course\n\nI build storage.")[1] == "of course\n\nI build storage."
