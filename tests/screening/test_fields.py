"""The gate on bytes: what no mail program writes does not reach a parser."""

from __future__ import annotations

import pytest
from mails import raw_mail

from screening import fields
from screening.fields import Unreadable


def test_an_honest_header_is_split_into_its_fields() -> None:
    found, body = fields.header(b"From: a@x.test\r\nX-Long: one\r\n two\r\n\r\nHello\r\n")
    assert [(one.name, one.value) for one in found] == [
        ("from", b" a@x.test"),
        ("x-long", b" one\r\n two"),
    ]
    assert body == len(b"From: a@x.test\r\nX-Long: one\r\n two\r\n\r\n")


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\n\r", b"\r\r\n", b"\r\n\n"])
@pytest.mark.parametrize("place", [b"Subject: a", b"\r\n\r\nHello"])
def test_bare_line_ends_are_refused_wherever_they_stand(end: bytes, place: bytes) -> None:
    raw = raw_mail(Subject="a").replace(place, place + end, 1)
    with pytest.raises(Unreadable, match="CRLF"):
        fields.header(raw)


def test_a_nul_is_refused() -> None:
    with pytest.raises(Unreadable, match="NUL"):
        fields.header(raw_mail(body=b"a\0b"))


@pytest.mark.parametrize(
    "line",
    [
        *("From : alex@corp.example.test", "no colon at all", " folded: first", ": nameless"),
        *("Fröm: x", "From alex Mon Mar 2", "Two words: x", "\x01From: x"),
    ],
)
def test_a_line_that_is_no_field_is_refused(line: str) -> None:
    with pytest.raises(Unreadable, match="no header field"):
        fields.header(raw_mail(line))


@pytest.mark.parametrize(
    "name", ["From", "Subject", "date", "TO", "Cc", "Message-ID", "Reply-To", "Content-Type"]
)
def test_a_field_that_may_stand_once_may_not_stand_twice(name: str) -> None:
    with pytest.raises(Unreadable, match="more than one"):
        fields.header(raw_mail(f"{name}: one", f"{name.swapcase()}: other"))


def test_fields_that_may_repeat_do() -> None:
    found, _ = fields.header(raw_mail("Received: a", "Received: b", "Comments: c", "Comments: d"))
    assert len(found) == 11


def test_a_message_that_passed_a_hundred_servers_is_taken_and_one_more_is_a_loop() -> None:
    fields.header(raw_mail(*["Received: by x"] * 100))
    with pytest.raises(Unreadable, match="loop"):
        fields.header(raw_mail(*["Received: by x"] * 101))


def test_a_thousand_fields_are_taken_and_more_are_not() -> None:
    fields.header(raw_mail(*["X-A: b"] * 990))
    with pytest.raises(Unreadable, match="fields"):
        fields.header(raw_mail(*["X-A: b"] * 1001))


def test_a_header_of_more_than_256_kb_is_refused() -> None:
    fields.header(raw_mail(*["X-A: " + "b" * 900] * 280))
    with pytest.raises(Unreadable, match="larger"):
        fields.header(raw_mail(*["X-A: " + "b" * 900] * 300))


def test_a_message_may_end_with_its_header() -> None:
    found, body = fields.header(b"From: a@x.test\r\nSubject: x\r\n")
    assert len(found) == 2
    assert body == len(b"From: a@x.test\r\nSubject: x\r\n")
