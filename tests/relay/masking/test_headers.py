from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from masks import DOMAIN, GUEST, NOW, OWN, a_mail, a_view, opened

from relay.masking.headers import clean, date, mailbox
from relay.masking.mask import mask
from relay.masking.words import decoded, encoded
from screening.addresses import Mailbox


def field(name: str, *fields: str, **changes: object) -> str:
    return str(opened(mask(a_mail("hi\n", *fields), a_view(**changes)).content)[name] or "")


@pytest.mark.parametrize(
    "dropped",
    """Received X-Mailer User-Agent X-Originating-IP Organization Autocrypt Disposition-Notification-To
    Return-Receipt-To List-Id List-Unsubscribe Resent-From Thread-Index Thread-Topic DKIM-Signature
    Authentication-Results ARC-Seal Sender Cc Bcc Comments Keywords Return-Path Errors-To X-Face
    Content-Base Content-Description Mail-Followup-To Delivered-To X-Anything""".split(),  # noqa: SIM905
)
def test_a_field_that_nobody_needs_is_not_carried(dropped: str) -> None:
    assert field(dropped, f"{dropped}: {OWN} on ws-7.lan.corp.test") == ""


def test_a_few_fields_are_carried_if_they_say_what_they_should() -> None:
    assert field("Importance", "Importance: high") == "high"
    assert field("Importance", f"Importance: high ({OWN})") == ""


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("A question", "A question"),
        (f"From {OWN}", f"From {GUEST}"),
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?= von =?iso-8859-1?q?dana=2Ebrown=40corp=2Etest?=", f"Grüße von {GUEST}"),
        ("=?utf-8?b?ZGFuYS5icm93bg==?= =?utf-8?b?QGNvcnAudGVzdA==?=", GUEST),
        ("Größe 你好", "Größe 你好"),
        ("=?utf-8?q?a=0D=0AX-Leak=3A_b=E2=80=A8c=00d?=", "a X-Leak: b c d"),
        ("=?x-unknown?q?hi?= =?utf-8?z?hi?=", "hi =?utf-8?z?hi?="),
        ("", ""),
    ],
)  # fmt: skip
def test_a_subject_is_carried_decoded_and_cleaned(subject: str, shown: str) -> None:
    raw = mask(a_mail("hi\n", f"Subject: {subject}"), a_view()).content
    line = re.search(rb"(?m)^Subject: ([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", raw)
    assert line
    assert str(make_header(decode_header(line[1].decode().replace("\r\n", "")))).strip() == shown


def test_the_date_is_in_utc_and_near() -> None:
    assert date("Tue, 05 Mar 2024 10:30:00 +0100 (CET)", NOW) == "Tue, 05 Mar 2024 09:30:00 +0000"
    now = "Tue, 05 Mar 2024 10:00:00 +0000"
    for odd in (
        "",
        "nonsense",
        "Tue, 05 Mar 1024 10:30:00 +0100",
        "Tue, 99 Mar 2024 10:30:00",
        "0",
    ):
        assert date(odd, NOW) == now
    assert date("Mon, 01 Jan 0001 00:00:00 +2359", NOW) == now
    assert date(now, datetime(2024, 3, 5, 10, tzinfo=UTC) + timedelta(days=30)).startswith(
        "Thu, 04 Apr"
    )


def test_a_thread_is_told_by_ids_that_the_reader_knows() -> None:
    references = {"<ours.1@x>": "<theirs.1@y>", "<ours.2@x>": "<theirs.2@y>"}
    given = (
        "References: <0@ws-7.lan.corp.test> <ours.1@x>\r\n <ours.2@x>",
        "In-Reply-To: <ours.1@x>",
    )
    assert field("References", *given, references=references) == "<theirs.2@y> <theirs.1@y>"
    assert field("In-Reply-To", *given, references=references) == "<theirs.1@y>"
    assert field("References", *given, last_known="<last@y>") == "<last@y>"
    assert field("In-Reply-To", *given, last_known="<last@y>") == "<last@y>"
    assert field("References", *given) == ""


def test_the_loop_mark_grows_by_a_word_and_has_an_end() -> None:
    assert (
        field("Peerpost-Trace", "Peerpost-Trace: 0a1b evil@x 2c3d", trace="4e5f")
        == "0a1b 2c3d 4e5f"
    )
    marks = " ".join(f"{number:04x}" for number in range(20))
    found = field("Peerpost-Trace", f"Peerpost-Trace: {marks}", trace="ffff").split()
    assert len(found) == 10
    assert found[-2:] == ["0013", "ffff"]


def test_outsiders_are_reported_and_the_authors_own_are_not() -> None:
    raw = a_mail(
        "hi\n",
        f"To: Peers: peer-alex@{DOMAIN}, Me <{OWN}>, friend@else.test;",
        'Cc: "Bo, X" <bo@corp.test>, =?utf-8?q?J=C3=B6?= <jo@else.test>, undisclosed-recipients:;',
    )
    masked = mask(raw, a_view())
    assert masked.outsiders == ("friend@else.test", "bo@corp.test", "jo@else.test")
    assert b"else.test" not in masked.content


@pytest.mark.parametrize(
    "name", ["Dana", "Dänä", 'Da"na', "Dana, X", "=?utf-8?q?x?=", "D\r\nBcc: x", "x" * 300]
)
def test_a_mailbox_is_one_field_whatever_the_name(name: str) -> None:
    message = opened(b"From: " + mailbox(Mailbox(GUEST, name)).encode() + b"\r\n\r\n")
    assert list(message.keys()) == ["From"]
    assert message["From"].addresses[0].addr_spec == GUEST
    assert message["From"].addresses[0].display_name == clean(name)[:60]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_what_is_encoded_is_decoded_again_and_fits_the_line(text: str) -> None:
    text = clean(text.encode("utf-8", "replace").decode())
    value = encoded(text, 9)
    assert all(len(line) < 998 for line in value.split("\r\n"))
    assert "\r" not in value.replace("\r\n ", "")
    assert "\n" not in value.replace("\r\n ", "")
    shown = value.replace("\r\n", "")
    assert decoded(shown) == text if "=?" in value else shown == text
