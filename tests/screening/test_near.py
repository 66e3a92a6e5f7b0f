"""Near-duplicates are known by fingerprints that tell nothing without the key."""

from __future__ import annotations

import pytest

from screening.near import bands, fingerprint, similar

KEY = b"k" * 32
MAILING = (
    "Hi {name}, I came across your profile and was impressed by your work on {topic}. "
    "We help engineering teams to hire faster, and I would love to show you how. "
    "Our clients save three weeks for each position. Are you free next Tuesday at ten?"
)
CHINESE = (
    "{name}您好，我们是一家专业的软件外包公司，拥有两百名工程师，服务过多家知名企业，价格优惠。"
    "如果您的团队最近需要{topic}方面的人手，欢迎随时联系我们，我们可以免费提供简历。"
)


def mark(text: str, *names: str, key: bytes = KEY) -> tuple[int, ...]:
    return fingerprint(text, key, names)


@pytest.mark.parametrize("template", [MAILING, CHINESE])
def test_a_mailing_is_known_whatever_name_and_topic_it_was_filled_with(template: str) -> None:
    one = mark(template.format(name="Alex", topic="Postgres"), "Alex", "Postgres")
    other = mark(template.format(name="Priya", topic="accessibility"), "Priya", "accessibility")
    assert similar(one, other)


def test_a_changed_sentence_does_not_hide_it() -> None:
    changed = MAILING.replace("Are you free next Tuesday at ten?", "Let me know what you think.")
    assert similar(mark(MAILING), mark(changed))


COLD = (
    "Our team of senior developers has helped more than forty product companies to ship on time. We work in "
    "your time zone, start within two weeks, and you can stop any time. Would it make sense to have a short "
    "call next week to see whether this could help your team as well?"
)
TO_ALEX = "Hi Alex, I read your profile and liked what you wrote about python and data pipelines at scale."
TO_SAM = (
    "Hello Sam, your talk about running kubernetes for thirty teams at the meetup was inspiring."
)


@pytest.mark.parametrize(
    "other",
    [
        COLD,
        f"{COLD} By the way, congratulations on the new office, it looks great in the pictures.",
        ". ".join(reversed(COLD.split(". "))),
        COLD.replace("team", "te\u200bam").replace("o", "\u043e", 6),
        f"{COLD}\n\nOn Monday, Kim wrote:\n> {TO_ALEX} How about a call?",
    ],
    ids=["greeted", "ended", "shuffled", "disguised", "quoting"],
)
def test_a_mailing_is_known_although_each_reader_is_greeted_in_other_words(other: str) -> None:
    one = mark(f"{TO_ALEX} {COLD}", "Alex", "python")
    copy = mark(f"{TO_SAM} {other}", "Sam", "kubernetes")
    assert similar(one, copy)
    assert set(bands(one)) & set(bands(copy))


def test_who_introduces_themselves_to_two_people_in_the_same_words_writes_no_mailing() -> None:
    who = (
        "I maintain the order service of a grocery chain with 300 shops. We are nine people, write python and "
        "some Go, and run everything on two clusters. Before that I worked for six years on payment terminals. "
    )
    one = (
        "Our nightly import takes nine hours since we added validation; profiling shows that half of it is "
        "spent in one library. Did you move validation out of the hot path, or batch it?"
    )
    other = (
        "Our pager rings thirty times a night since the nodes rotate; most alerts are about pods that come "
        "back by themselves. How do you decide which alerts may wake somebody, and who may delete one?"
    )
    assert not similar(mark(f"Hi Alex. {who}{one}", "Alex"), mark(f"Hi Sam. {who}{other}", "Sam"))


def test_bands_fit_into_a_column_and_there_are_none_of_nothing() -> None:
    assert len(bands(mark(MAILING))) == 16
    assert all(0 <= one < 2**63 for one in bands(mark(MAILING)))
    assert bands(()) == ()


def test_two_people_who_write_about_one_thing_are_not_alike() -> None:
    one = (
        "I maintain the order service of a grocery chain, and our Kafka topics have no owner any more. "
        "How did you find owners for yours, and did the contract help in the end?"
    )
    other = (
        "We run Kafka for a hospital; nobody owns half of the topics. I read that you deleted the orphans "
        "after a warning. Did anything break, and how long did you wait?"
    )
    assert not similar(mark(one), mark(other))


def test_short_texts_are_like_nothing() -> None:
    assert mark("Thanks, that helps a lot!") == ()
    assert not similar((), ())


def test_without_the_key_a_known_text_cannot_be_found() -> None:
    assert not similar(mark(MAILING), mark(MAILING, key=b"other" * 6))


def test_the_numbers_fit_into_thirty_two_bits() -> None:
    assert all(0 <= value < 2**32 for value in mark(MAILING))
    assert len(mark(MAILING)) == 32
