"""Where the parts of a message lie, and when there are too many of them."""

from __future__ import annotations

import email
from email.message import Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mails import parts_mail, raw_mail

from screening import structure
from screening.fields import Unreadable


def bodies(raw: bytes) -> list[tuple[str, bytes]]:
    found = structure.leaves(structure.parts(raw))
    return [(part.content_type, raw[part.body : part.end]) for part in found]


def test_a_plain_message_is_one_part() -> None:
    assert bodies(raw_mail(body="Hello\r\n")) == [("text/plain", b"Hello\r\n")]


def test_parts_are_found_between_their_delimiters() -> None:
    raw = parts_mail(b"\r\nHello", b"Content-Type: Image/PNG\r\n\r\nbytes\r\nmore")
    assert bodies(raw) == [("text/plain", b"Hello"), ("image/png", b"bytes\r\nmore")]


def test_a_line_that_only_begins_like_a_delimiter_is_content() -> None:
    raw = parts_mail(b"\r\n--separate\r\n-- sep\r\n--sep x\r\nHello")
    assert bodies(raw) == [("text/plain", b"--separate\r\n-- sep\r\n--sep x\r\nHello")]


def test_what_follows_the_last_delimiter_is_no_part() -> None:
    raw = parts_mail(b"\r\nHello") + b"\r\n--sep\r\n\r\nafterthought\r\n"
    assert bodies(raw) == [("text/plain", b"Hello")]


def test_a_multipart_that_never_ends_keeps_its_last_part() -> None:
    raw = raw_mail(body="--b\r\n\r\nHello\r\n", Content_Type="multipart/mixed; boundary=b")
    assert bodies(raw) == [("text/plain", b"Hello\r\n")]


def test_a_multipart_in_which_nothing_is_a_part_is_text() -> None:
    raw = raw_mail(body="no delimiter\r\n", Content_Type="multipart/mixed; boundary=b")
    assert bodies(raw) == [("text/plain", b"no delimiter\r\n")]


@pytest.mark.parametrize("kind", ["message/rfc822", "message/global"])
def test_an_attached_message_is_one_part_whatever_is_in_it(kind: str) -> None:
    inner = raw_mail(
        body="--x\r\n\r\nquoted\r\n--x--\r\n", Content_Type="multipart/mixed;boundary=x"
    )
    raw = parts_mail(b"\r\nHello", f"Content-Type: {kind}\r\n\r\n".encode() + inner)
    assert [found for found, _ in bodies(raw)] == ["text/plain", kind]


@pytest.mark.parametrize("kind", ["multipart/mixed", 'multipart/mixed; boundary=""'])
def test_a_multipart_without_a_boundary_is_refused(kind: str) -> None:
    with pytest.raises(Unreadable, match="separates"):
        structure.parts(raw_mail(body="--b\r\n\r\nHello\r\n", Content_Type=kind))


def test_five_hundred_parts_are_too_many() -> None:
    assert len(structure.parts(parts_mail(*[b"\r\nx"] * 400))) == 401
    with pytest.raises(Unreadable, match="500 parts"):
        structure.parts(parts_mail(*[b"\r\nx"] * 501))


@pytest.mark.parametrize("kind", ["multipart", "message"])
def test_fifty_levels_are_deep_enough(kind: str) -> None:
    structure.parts(_nested(kind, 48))
    with pytest.raises(Unreadable, match="levels"):
        structure.parts(_nested(kind, 60))


def test_a_field_that_floods_parameters_is_refused() -> None:
    flood = b"Content-Type: text/plain" + b"; a=b" * 5000 + b"\r\n\r\nx"
    with pytest.raises(Unreadable, match="too long"):
        structure.parts(parts_mail(flood))


def test_a_part_may_not_name_its_type_twice() -> None:
    with pytest.raises(Unreadable, match="more than one"):
        structure.parts(parts_mail(b"Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nx"))


PIECES = st.sampled_from(
    [
        *(b"--a\r\n", b"--b\r\n", b"--a--\r\n", b"--b--\r\n", b"--ab\r\n", b"--\r\n", b"\r\n"),
        *(b"text\r\n", b"Subject: x\r\n", b"Content-Type: text/html\r\n\r\n"),
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n",
        b"Content-Type: message/rfc822\r\n\r\n",
    ]
)


@given(st.lists(PIECES, max_size=30))
@settings(max_examples=300, deadline=None)
def test_parts_lie_within_the_message_and_within_their_parents(pieces: list[bytes]) -> None:
    raw = raw_mail(body=b"".join(pieces), Content_Type="multipart/mixed; boundary=a")
    try:
        found = structure.parts(raw)
    except Unreadable:
        return
    for part in found:
        assert 0 <= part.start <= part.body <= part.end <= len(raw)


# The library takes a closing delimiter right after an opening one for another opening one.
FOLLOWED = PIECES.map(lambda piece: b"x\r\n" + piece if piece.endswith(b"--\r\n") else piece)


@given(st.lists(FOLLOWED.filter(lambda piece: b"rfc822" not in piece), max_size=20))
@settings(max_examples=400, deadline=None)
def test_no_text_that_the_standard_library_finds_is_missed(pieces: list[bytes]) -> None:
    body = b"--a\r\n\r\nfirst\r\n" + b"".join(pieces)
    raw = raw_mail(body=body, Content_Type="multipart/mixed; boundary=a")
    try:
        ours = [body.strip() for _, body in bodies(raw)]
    except Unreadable:
        return
    theirs = [
        leaf.get_payload(decode=True).strip() for leaf in _leaves(email.message_from_bytes(raw))
    ]
    assert [body for body in theirs if not any(body in own for own in ours)] == []


def _leaves(message: Message) -> list[Message]:
    return [part for part in message.walk() if not part.is_multipart()]


def _nested(kind: str, levels: int) -> bytes:
    if kind == "message":
        inner = b"Content-Type: message/rfc822\r\n\r\n" * levels + b"\r\nHello"
        return raw_mail(body=inner, Content_Type="message/rfc822")
    opened = b"".join(
        b"--b%02d\r\nContent-Type: multipart/mixed; boundary=b%02d\r\n\r\n" % (n, n + 1)
        for n in range(levels)
    )
    return raw_mail(
        body=opened + b"--b%02d\r\n\r\nHello" % levels, Content_Type="multipart/mixed; boundary=b00"
    )
