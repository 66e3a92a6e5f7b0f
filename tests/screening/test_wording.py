"""The wording's n-grams: hashed, of any language, without the reader's name."""

from __future__ import annotations

from screening.wording import BUCKETS, buckets, score


def test_the_name_of_whoever_is_written_to_says_nothing() -> None:
    assert buckets("Hello Alex, how are you", "Alex") == buckets(
        "Hello Priya, how are you", "Priya"
    )


def test_every_script_has_n_grams() -> None:
    assert all(
        len(buckets(text, "")) > 5
        for text in ("hello there", "как вы это", "検索の評価", "كيف حالكم")
    )


def test_buckets_are_within_the_table() -> None:
    assert all(0 <= bucket < BUCKETS for bucket in buckets("any text at all " * 50, ""))


def test_the_score_is_signed_and_grows_slower_than_the_text() -> None:
    table = bytes([32] * (BUCKETS // 2) + [256 - 32] * (BUCKETS // 2))
    good = frozenset(range(100))
    assert score(good, table) == 10.0
    assert score(frozenset(BUCKETS - 1 - number for number in good), table) == -10.0
    assert score(frozenset(), table) == 0.0
