"""The gate sees what stands in, before and behind every part, whoever cuts them."""

from __future__ import annotations

import base64
import random
import tracemalloc
from contextlib import suppress
from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.masking import cutting, made
from relay.masking.cutting import Part
from relay.masking.gate import residual
from relay.masking.identity import Identity
from relay.masking.made import Branch, Leaf, Node, Seed

OWN = "casey.doe@mailer.test"
HIDDEN = Identity((OWN,))
NOISE = random.Random(1).randbytes(40_000)
RUN = base64.encodebytes(NOISE).replace(b"\n", b"\r\n")


def lines(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def a_file(body: bytes, coding: str = "base64") -> bytes:
    head = "Content-Type: application/octet-stream; name=x.bin\r\nContent-Transfer-Encoding: "
    return f"{head}{coding}\r\n\r\n".encode() + body


def a_mail(*parts: bytes, before: bytes = b"", behind: bytes = b"") -> bytes:
    joined = b"".join(b"\r\n--limit\r\n" + part for part in parts)
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=limit\r\n\r\n"
    return head + before + joined + b"\r\n--limit--\r\n" + behind


TEXT = b"Content-Type: text/plain\r\n\r\n"
TOLD = OWN.encode()
MAILS = {
    "at the end of a file": a_mail(a_file(lines(NOISE + b" " + TOLD))),
    "at the start of a file": a_mail(a_file(lines(TOLD + b" " + NOISE))),
    "in a file of bad base64": a_mail(a_file(lines(NOISE + TOLD).rstrip(b"=\r\n") + b"\r\n")),
    "in a file behind another": a_mail(a_file(RUN), a_file(lines(TOLD))),
    "in a text behind a run": a_mail(TEXT + b"see\r\n" + RUN + b"from " + TOLD + b"\r\n"),
    "in a run within a text": a_mail(TEXT + b"see\r\n" + lines(NOISE[:30_000] + b" " + TOLD)),
    "before the parts": a_mail(a_file(RUN), before=RUN + b"from " + TOLD + b"\r\n"),
    "behind the parts": a_mail(a_file(RUN), behind=RUN + b"from " + TOLD + b"\r\n"),
    "with nothing else": TEXT + RUN + TOLD,
}


@pytest.mark.parametrize("name", MAILS)
def test_an_address_beside_a_long_run_is_found(name: str) -> None:
    assert residual(MAILS[name], HIDDEN, ())
    assert not residual(MAILS[name].replace(TOLD, b"nobody"), Identity(("x@y.test",)), ())


SAMPLES = (
    *(
        "Subject: a\r\n",
        "X:\r\n",
        "To: b\r\n c\r\n",
        " d\r\n",
        "\r\n",
        "\n",
        "\r",
        "text",
        ":",
        " ",
    ),
    *(
        "Content-Type: text/plain\r\n",
        "Content-Type: message/rfc822\r\n",
        "Content-Type:",
        "--j\r\n",
    ),
    *('Content-Type: multipart/mixed; boundary="i"\r\n', "multipart/mixed; boundary=j\r\n", "--"),
    *(
        "Content-Transfer-Encoding: base64\r\n",
        "QUJD",
        "=",
        "\xe9",
        "From a\n",
        "--j--\n",
        "\r\n\r\n",
    ),
    *("\r\n--i\r\n", "\r\n--i--\r\n", "--i--", "\n--j\n"),
)
PIECES = st.lists(st.sampled_from(SAMPLES), max_size=20).map("".join)
PARTS = st.recursive(
    st.tuples(
        st.sampled_from(["", "A: b\r\n", "Content-Transfer-Encoding: base64\r\n"]), PIECES
    ).map("\r\n".join),
    lambda inner: st.tuples(st.sampled_from("ij"), st.lists(inner, max_size=3), PIECES).map(
        lambda one: (
            f'Content-Type: multipart/mixed;\r\n boundary="{one[0]}"\r\n\r\n{one[2]}'
            + "".join(f"\r\n--{one[0]}\r\n{part}" for part in one[1])
            + f"\r\n--{one[0]}--\r\n"
        )
    ),
    max_leaves=5,
)
Seen = tuple[list[tuple[str, str]], bytes, list[str]]


def seen(part: Part) -> Seen:
    fields = [(name, str(value)) for name, value in part.head.raw_items()]
    beside = [one.strip() for one in part.beside if one.strip()]
    return fields, part.content() if part.leaf else b"", beside


@given(st.one_of(PIECES, PARTS))
def test_the_parts_are_those_that_the_standard_parser_sees(text: str) -> None:
    content = text.encode("latin-1")
    with suppress(cutting._OddError):
        strictly = [seen(part) for part in cutting._strictly(content, 0, len(content))]
        walked = [cutting._parsed(part) for part in message_from_bytes(content).walk()]
        assert strictly == [seen(part) for part in walked]


def as_message(node: Node) -> bytes:
    seed = Seed(repr(node), "b.test")
    return b"Subject: x\r\n" + made.joined(made.written(node, seed))


NODES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(
        st.text(max_size=30).map(lambda words: Leaf("text/plain", text=words)),
        st.binary(max_size=30).map(
            lambda data: Leaf("image/png", content=data, filename="ä b.png")
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda some: Branch("mixed", tuple(some))),
        inner.map(lambda one: Leaf("message/rfc822", content=as_message(one))),
    ),
    max_leaves=6,
)


@given(NODES)
def test_what_we_write_needs_no_parser(node: Node) -> None:
    content = as_message(node)
    strictly = [seen(part) for part in cutting._strictly(content, 0, len(content))]
    assert strictly == [seen(cutting._parsed(one)) for one in message_from_bytes(content).walk()]


def test_a_large_file_takes_a_few_times_its_size() -> None:
    mail = a_mail(a_file(lines(NOISE * 100)))
    tracemalloc.start()
    try:
        residual(mail, HIDDEN, ())
        assert tracemalloc.get_traced_memory()[1] < 3 * len(mail)
    finally:
        tracemalloc.stop()
