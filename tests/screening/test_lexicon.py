"""The phrase lists: what they find, and that they are fit to be searched."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from screening.folding import fold, tokens
from screening.judge import SORTS
from screening.lexicon import lexicon
from screening.speech import FOR, speech
from screening.spelling import begun, variants
from screening.tree import grown


def kinds(text: str, *languages: str) -> set[str]:
    return {hit.category for hit in lexicon().hits(tokens(fold(text)), languages or ("en",))}


def test_choices_in_braces_are_all_made() -> None:
    assert set(variants("{we,they} {sell,} {tools,time}")) == {
        "we sell tools",
        "we sell time",
        "we  tools",
        "we  time",
        "they sell tools",
        "they sell time",
        "they  tools",
        "they  time",
    }


def test_the_choices_for_the_first_word_are_made_at_once_and_the_others_left() -> None:
    assert list(begun(" {we,they {all,never}} {sell,} tools")) == [
        ("we", " {sell,} tools"),
        ("they all", " {sell,} tools"),
        ("we", " {sell,} tools"),
        ("they never", " {sell,} tools"),
    ]


def test_threads_that_find_the_same_phrases_first_find_all_of_them() -> None:
    words = tokens(fold("I maintain the billing service. We offer services. How do you test it?"))
    new = lexicon.__wrapped__()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: new.hits(words, ("en",)), range(16)))
    assert found == [lexicon().hits(words, ("en",))] * 16


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("I maintain the billing service", "en", "own"),
        ("Im reaching out because of your growth", "en", "offer"),
        ("How did you choose the broker", "en", "practice"),
        ("hiermit bewerbe ich mich", "de", "apply"),
        ("Koennen Sie Ihre private Nummer senden, Ihre private Nummer", "de", "address"),
        ("nous accompagnons les entreprises", "fr", "offer"),
        ("soy estudiante de ingeniería", "es", "student"),
        ("mám na starosti databázi", "cs", "own"),
        ("мы предлагаем услуги", "ru", "offer"),
        ("弊社では検索を運用しております", "ja", "own"),
        ("請問你們怎麼處理", "zh", "practice"),
        ("이력서를 첨부합니다", "ko", "cv"),
        ("أنا مهندس في شركة", "ar", "own"),
        ("main btech final year student hoon", "hi", "student"),
    ],
)
def test_what_people_say_is_known(text: str, language: str, kind: str) -> None:
    assert kind in kinds(text, language)


def test_a_phrase_of_another_language_does_not_count() -> None:
    assert "student" in kinds("Ich suche ein Praktikum", "de")
    assert "student" not in kinds("Ich suche ein Praktikum", "en")


def test_the_words_of_trades_count_in_every_language() -> None:
    assert "craft" in kinds("käytämme Postgres", "fi")


def test_the_longest_phrase_wins_and_hides_the_shorter() -> None:
    assert kinds("I am not a recruiter") == {"nosale"}


def test_a_gap_does_not_cross_the_end_of_a_sentence() -> None:
    assert "offer" in kinds("boost all of your sales, we boost your costs")
    assert "practice" in kinds("what does your team use. what is it really like")
    assert "practice" not in kinds("what is it. really like that")


@pytest.mark.parametrize("language", lexicon().languages)
def test_every_language_knows_offers_applications_and_own_work(language: str) -> None:
    needed = {"own", "offer", "apply", "student", "practice", "threat", "payment"}
    if language == "xx":
        needed = {"craft"}
    assert needed <= _ends()[language]


@cache
def _ends() -> dict[str, set[str]]:
    """The categories of each language that some phrase ends in."""
    found: dict[str, set[str]] = {language: set() for language in lexicon().languages}
    stack = [lexicon().root]
    while stack:
        node = grown(stack.pop())
        for language, category in node.ends:
            found[language].add(category)
        stack += [
            *node.exact.values(),
            *(n for stems in node.stems.values() for n in stems.values()),
        ]
        stack += [after for after in (node.number, node.word, node.gap) if after is not None]
    return found


def test_every_kind_of_phrase_is_one_that_a_rule_weighs() -> None:
    weighed = set().union(*SORTS.values()) | FOR | {"nobody", "polish", "legal"}
    assert set().union(*_ends().values()) <= weighed | {"chasemark"}


def test_a_lone_word_says_half_of_what_a_phrase_says() -> None:
    words = tokens(fold("an internship, or do you offer an internship position"))
    assert speech(words, ("en",)).said["student"] == 1
    assert speech(tokens(fold("my bachelor's thesis")), ("en",)).said["student"] == 2


def test_the_same_phrase_twice_counts_once() -> None:
    once, twice = "we offer services.", "we offer services. we offer services."
    assert speech(tokens(fold(once)), ("en",)).said == speech(tokens(fold(twice)), ("en",)).said


def test_a_legal_notice_at_the_end_says_nothing() -> None:
    text = (
        "I run a small cluster and wonder how you upgrade yours without a weekend.\n\n"
        "This email and any attachments are strictly confidential and intended solely for the addressee. "
        "If you are not the intended recipient, please notify the sender."
    )
    assert "secrecy" not in speech(tokens(fold(text)), ("en",)).said
