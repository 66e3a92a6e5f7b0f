"""Near-duplicates are known by fingerprints that tell nothing without the key."""

from __future__ import annotations

import pytest

from screening.near import fingerprint, similar

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
