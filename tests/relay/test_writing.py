"""Mails of our own are read by others as they were meant."""

from __future__ import annotations

import email
from email.header import decode_header, make_header
from email.policy import default
from email.utils import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay import writing
from screening.addresses import Mailbox

WORDS = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=120)
TEXT = st.text(st.characters(exclude_categories=("C",)) | st.just("\n"), max_size=300)


def written(*fields: str, text: str = "text\n", html: str = "<p>html</p>\n", calendar: str = ""):
    raw = writing.mail(fields, text, html, "=_b", calendar)
    return raw, email.message_from_bytes(raw, policy=default)


@settings(max_examples=60, deadline=None)
@given(WORDS, TEXT)
def test_words_and_bodies_come_back_as_they_were_written(words: str, text: str) -> None:
    raw, mail = written(writing.words("Subject", words), text=text, html=text)
    assert str(mail["Subject"]).split() == words.split()
    for kind in ("plain", "html"):
        body = mail.get_body((kind,)).get_content()
        assert body.replace("\r\n", "\n").splitlines() == text.splitlines()
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n")


@settings(max_examples=60, deadline=None)
@given(WORDS.filter(str.strip))
def test_a_name_comes_back_beside_its_address(name: str) -> None:
    raw, mail = written(writing.mailbox("From", Mailbox("alex@corp.test", name)))
    assert [one.addr_spec for one in mail["From"].addresses] == ["alex@corp.test"]
    # The newer reader of the library puts spaces between encoded words, against RFC 2047.
    field = email.message_from_bytes(raw)["From"]
    shown = str(make_header(decode_header(field))).removesuffix("<alex@corp.test>").strip()
    if shown.startswith('"') and shown != name:
        shown = unquote(shown)
    assert shown.split() == name.split()


def test_an_international_address_is_written_as_it_is() -> None:
    raw, _ = written(writing.mailbox("To", Mailbox("zoë@corp.test", "Zoë")))
    assert "<zoë@corp.test>".encode() in raw


@pytest.mark.parametrize("value", ["two\r\nBcc: lines", "nul\0", "bell\x07", "del\x7f"])
def test_a_control_character_cannot_begin_another_field(value: str) -> None:
    with pytest.raises(ValueError, match="control"):
        writing.words("Subject", value)
    with pytest.raises(ValueError, match="control"):
        writing.mailbox("From", Mailbox("alex@corp.test", value))


def test_a_dot_alone_on_a_line_ends_no_transaction() -> None:
    raw, mail = written(text="one\n.\ntwo\n")
    assert b"\r\n.\r\n" not in raw
    assert mail.get_body(("plain",)).get_content().split() == ["one", ".", "two"]


def test_a_calendar_comes_as_an_alternative() -> None:
    _, mail = written(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    part = list(mail.iter_parts())[2]
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "REQUEST"
    assert part.get_content().split() == ["BEGIN:VCALENDAR", "END:VCALENDAR"]
