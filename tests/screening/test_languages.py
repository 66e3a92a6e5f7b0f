"""Which languages a text is in: enough to choose the phrase lists."""

from __future__ import annotations

import pytest

from screening.folding import fold, tokens
from screening.languages import spoken
from screening.lexicon import lexicon
from screening.training.corpus import corpus


def languages(text: str) -> tuple[str, ...]:
    return spoken(tokens(fold(text)), lexicon().frequent)


@pytest.mark.parametrize(
    "language", sorted({mail.language for mail in corpus()} & set(lexicon().languages))
)
def test_a_mail_is_read_in_its_language(language: str) -> None:
    mails = [mail for mail in corpus() if mail.language == language]
    known = sum(language in mail.case.reading.languages for mail in mails)
    assert known >= 0.9 * len(mails)


def test_two_languages_in_one_text_are_both_found() -> None:
    german = (
        "Wir haben das bei uns auch versucht und sind nicht weiter gekommen, weil der Index fehlt. "
        * 4
    )
    english = (
        "What we would like to know is how you have done this and if it was worth the time. " * 4
    )
    assert {"de", "en"} <= set(languages(english + "\n\n" + german))


def test_no_words_are_no_language() -> None:
    assert languages("") == ()
