"""New text, quoted text and signatures are told apart, in any language."""

from __future__ import annotations

from screening.quotes import parted

FORWARDED = """See below, exactly our outage.

---------- Forwarded message ---------
From: Henning <henning@mailer.test>
Date: Tue, 4 Nov 2025
Subject: lock queues
To: Marga <marga@mailer.test>

ALTER TABLE waited.
"""


def test_what_is_quoted_is_not_new_nor_is_the_line_that_says_who_wrote_it() -> None:
    parts = parted("Thanks!\n\nAm Montag schrieb Alex:\n> Wie geht es?\n> Gut.\n\nBis dann")
    assert (parts.new, parts.signature) == ("Thanks!\n\n\nBis dann", "")
    assert parts.quoted == "Am Montag schrieb Alex:\nWie geht es?\nGut."


def test_what_is_forwarded_is_not_new() -> None:
    parts = parted(FORWARDED)
    assert parts.new == "See below, exactly our outage."
    assert "ALTER TABLE waited." in parts.quoted


def test_a_head_in_another_language_is_one_too() -> None:
    parts = parted(
        "ご参考まで。\n\n差出人: a@mailer.test\n送信日時: 2025年\n宛先: b@mailer.test\n件名: 検索\n\n本文"
    )
    assert (parts.new, parts.quoted.endswith("本文")) == ("ご参考まで。", True)


def test_a_list_of_fields_without_an_address_is_no_head() -> None:
    text = "Our plan:\nScope: small\nCost: none\nTime: short\n\nWhat do you think?"
    assert parted(text).new == text


def test_below_two_dashes_stands_the_signature() -> None:
    parts = parted("Hello\n-- \nCasey\n+1 555 0100")
    assert (parts.new, parts.signature) == ("Hello", "Casey\n+1 555 0100")


def test_what_is_neither_is_all_new() -> None:
    text = "I think a > b, and\n\nso do you"
    assert parted(text).new == text
