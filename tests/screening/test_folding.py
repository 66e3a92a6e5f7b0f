"""One spelling for all: what is equal to a reader is equal to the phrase lists."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.folding import fold, plain, tokens


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Straße", "strasse"),
        ("Überprüfung", "uberprufung"),
        ("ŁÓDŹ", "lodz"),
        ("İSTANBUL", "istanbul"),
        ("ёлка", "елка"),
        ("الإدارة", "الاداره"),
        ("شَرِكَة", "شركه"),
        ("請問", "请问"),
        ("Naïve Façade", "naive facade"),
    ],
)
def test_case_accents_and_variants_of_letters_do_not_count(written: str, meant: str) -> None:
    assert fold(written) == fold(meant)


def test_voiced_kana_and_hangul_stay_what_they_are() -> None:
    assert fold("ガス") != fold("カス")
    assert fold("한국어") == "한국어"


def test_words_numbers_and_ends_are_told_apart() -> None:
    assert tokens(fold("We run 3.11 here! Do you?\n\nBest")) == [
        "we",
        "run",
        "3.11",
        "here",
        ".",
        "do",
        "you",
        "?",
        "¶",
        "best",
    ]


def test_a_line_that_ends_is_no_sentence_that_ends() -> None:
    assert tokens(fold("we run\npostgres")) == ["we", "run", "postgres"]


def test_scripts_without_spaces_are_cut_into_signs() -> None:
    assert tokens(fold("検索はSolr")) == ["検", "索", "は", "solr"]
    assert tokens(fold("ครับ")) == ["ค", "ร", "ั", "บ"]


def test_a_question_without_a_mark_is_one_in_japanese_and_chinese() -> None:
    assert tokens(fold("使っていますか。"))[-1] == "?"
    assert tokens(fold("你们用吗\n\n谢谢"))[3] == "吗"
    assert "?" in tokens(fold("你们用吗。"))


def test_a_joiner_inside_a_persian_word_does_not_part_it() -> None:
    assert tokens(fold("می\u200cکنیم")) == tokens(fold("میکنیم"))


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_cut_into_tokens(text: str) -> None:
    assert all(tokens(fold(text)))


@given(st.text(st.sampled_from("a\ne\u0301\u0327ﬁ…µ가ᄀ\u1161\u2028 "), max_size=30))
@settings(max_examples=200, deadline=None)
def test_lines_take_the_same_form_alone_as_together(text: str) -> None:
    assert plain(text) == unicodedata.normalize("NFKC", text)
