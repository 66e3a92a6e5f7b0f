"""The view of a message: what a reader sees, whatever the bytes are."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mails import CASEY, parts_mail, raw_mail

from screening.message import Unreadable, read


def test_a_plain_message_is_read() -> None:
    message = read(raw_mail(body="Hello Alex.\r\n\r\nBye\r\n"))
    assert (message.author.address, message.author.name) == (CASEY, "Casey Doe")
    assert message.text == "Hello Alex.\n\nBye"
    assert message.header("subject") == "hello"
    assert (message.html, message.attachments, message.content_type) == ("", (), "text/plain")


def test_header_fields_are_unfolded_and_decoded_and_keep_their_order() -> None:
    message = read(
        raw_mail("X-One: a", "X-Two: =?utf-8?q?=C3=A9?=\r\n =?utf-8?q?t=C3=A9?=", "X-One: b")
    )
    assert message.headers[:3] == (("X-One", "a"), ("X-Two", "été"), ("X-One", "b"))
    assert message.all("x-one") == ("a", "b")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("8bit", "Größe\r\n".encode("latin-1")),
        ("quoted-printable", b"Gr=F6=DFe\r\n"),
        ("base64", base64.encodebytes("Größe".encode("latin-1")).replace(b"\n", b"\r\n")),
    ],
)
def test_texts_are_decoded(encoding: str, body: bytes) -> None:
    kind = "text/plain; charset=iso-8859-1"
    raw = raw_mail(body=body, Content_Type=kind, Content_Transfer_Encoding=encoding)
    assert read(raw).text == "Größe"


def test_the_plain_part_is_the_text_and_the_html_is_beside_it() -> None:
    raw = parts_mail(
        b"Content-Type: text/plain\r\n\r\nplain words",
        b"Content-Type: text/html\r\n\r\n<p>html words</p>",
        kind="multipart/alternative",
    )
    message = read(raw)
    assert (message.text, message.html) == ("plain words", "<p>html words</p>")


def test_a_line_that_looks_like_a_boundary_of_our_own_hides_nothing() -> None:
    lines = b"\r\nabove\r\n--part\r\n--part-0\r\n--part--\r\n--part-0--\r\nbelow"
    page = b"Content-Type: text/html; name=page.html\r\nContent-Disposition: inline\r\n" + lines
    message = read(parts_mail(lines, page))
    assert message.text == message.html == "above\n--part\n--part-0\n--part--\n--part-0--\nbelow"
    assert [one.name for one in message.attachments] == ["page.html"]


def test_line_ends_stay_single_wherever_they_stand() -> None:
    for before in range(990, 1010):
        assert read(raw_mail(body="ü" * before + "\r\nend\r\n")).text == "ü" * before + "\nend"


def test_html_alone_becomes_text() -> None:
    raw = raw_mail(body="<p>Dear &Auml;lex</p><p>Bye</p>", Content_Type="text/html")
    assert read(raw).text == "Dear Älex\n\nBye"


def test_attachments_have_names_types_sizes_and_a_head() -> None:
    content = bytes(range(256)) * 40
    coded = base64.encodebytes(content).replace(b"\n", b"\r\n")
    raw = parts_mail(
        b"\r\nHello",
        b"Content-Type: application/PDF; name=x\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''r%C3%A9sum%C3%A9.pdf\r\n\r\n" + coded,
        b"Content-Type: image/png\r\n\r\nnameless",
        b"Content-Type: text/html; name=login.html\r\n\r\n<form>",
    )
    found = read(raw).attachments
    assert [(one.name, one.content_type) for one in found] == [
        ("résumé.pdf", "application/pdf"),
        ("", "image/png"),
        ("login.html", "text/html"),
    ]
    assert found[0].head == content[:4096]
    assert abs(found[0].size - len(content)) < 10
    assert found[2].head == b"<form>"


def test_an_attached_message_is_an_attachment_and_not_the_text() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\n" + raw_mail(body="quoted words\r\n")
    message = read(parts_mail(b"\r\nmy words", inner))
    assert message.text == "my words"
    assert [one.content_type for one in message.attachments] == ["message/rfc822"]


@pytest.mark.parametrize(
    "sender",
    [
        *("", "<>", "nobody", "@", "casey@", "undisclosed-recipients:;", ","),
        *(f"{CASEY}, boss@evil.test", f"Team: {CASEY};", f"{CASEY} <boss@evil.test>"),
    ],
)
def test_a_message_without_exactly_one_author_cannot_be_read(sender: str) -> None:
    with pytest.raises(Unreadable, match="From"):
        read(raw_mail(From=sender))


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\r\n\r\n\r\n", b"To: a@x.test\r\n\r\nHello\r\n"])
def test_a_message_without_an_author_cannot_be_read(raw: bytes) -> None:
    with pytest.raises(Unreadable, match="no From"):
        read(raw)


@given(
    text=st.text(max_size=3000),
    charset=st.sampled_from(["utf-8", "iso-8859-1", "utf-16", "x-unknown", ""]),
    encoding=st.sampled_from(["7bit", "8bit", "base64", "quoted-printable"]),
)
@settings(max_examples=60, deadline=None)
def test_a_text_that_has_a_name_is_read_like_one_that_has_none(
    text: str, charset: str, encoding: str
) -> None:
    body = (
        text.encode("utf-8", "replace")
        .replace(b"\0", b"")
        .replace(b"\r", b"")
        .replace(b"\n", b"\r\n")
    )
    kind = f"text/plain; charset={charset}" if charset else "text/plain"
    raw = raw_mail(body=body, Content_Type=kind, Content_Transfer_Encoding=encoding)
    beside = raw.replace(b"\r\n\r\n", b"\r\nContent-Disposition: inline; filename=a\r\n\r\n", 1)
    assert read(raw).text == read(beside).text
