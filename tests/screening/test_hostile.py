"""Whatever arrives is read or refused, at a price that is known beforehand."""

from __future__ import annotations

import base64
import random
import resource
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mails import CASEY, parts_mail, raw_mail

from screening.message import Message, Unreadable, read

SECONDS, MEGABYTES = 2.0, 256  # of CPU and above idle: what any input may cost


def outcome(raw: bytes) -> Message | str:
    """What was read, or why it cannot be."""
    try:
        return read(raw)
    except Unreadable as refused:
        return str(refused)


def nest(levels: int) -> bytes:
    opened = (
        b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n" % (n, n + 1000)
        for n in range(1000, 1000 + levels * 1000, 1000)
    )
    return raw_mail(body=b"".join(opened), Content_Type="multipart/mixed; boundary=1000")


ROW = random.Random(7)
MARKS = "a" + "\u0315\u0300" * 200_000  # quadratic to normalise

HOSTILE: dict[str, Callable[[], bytes]] = {
    "nested 2000 deep": lambda: nest(2000),
    "50 000 parts": lambda: parts_mail(*[b"Content-Type: text/plain; name=a\r\n\r\nx"] * 50_000),
    "499 parts with names": lambda: parts_mail(
        *[b"Content-Type: text/plain; name=a\r\n\r\nx"] * 498
    ),
    "attached 1500 deep": lambda: raw_mail(
        body=b"Content-Type: message/rfc822\r\n\r\n" * 1500, Content_Type="message/rfc822"
    ),
    "25 MB of text": lambda: raw_mail(body=b"some words of text\r\n" * 1_250_000),
    "25 MB of blanks": lambda: raw_mail(body=b" \t" * 12_500_000),
    "25 MB of empty lines": lambda: raw_mail(body=b"\r\n" * 12_500_000),
    "5 million delimiters": lambda: raw_mail(
        body=b"--b x\r\n" * 3_500_000, Content_Type="multipart/x; boundary=b"
    ),
    "a 20 MB attachment": lambda: parts_mail(
        b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(ROW.randbytes(15_000_000)).replace(b"\n", b"\r\n")
    ),
    "combining marks": lambda: raw_mail(body=MARKS),
    "combining marks of one byte": lambda: raw_mail(
        body=b"a" + b"\xcc\xf2" * 200_000, Content_Type="text/plain; charset=windows-1258"
    ),
    "combining marks in the subject": lambda: raw_mail(Subject=MARKS[:100_000]),
    "combining marks in names": lambda: parts_mail(
        *[f'Content-Disposition: attachment; filename="{MARKS[:1900]}"\r\n\r\nx'.encode()] * 120
    ),
    "punycode": lambda: raw_mail(body=b"a" * 400_000, Content_Type="text/plain; charset=punycode"),
    "punycode in the subject": lambda: raw_mail(Subject="=?punycode?q?" + "a" * 200_000 + "-?="),
    "20 000 pieces of a name": lambda: parts_mail(
        b"Content-Type: x/y" + b"".join(b"; name*%d=a" % n for n in range(20_000)) + b"\r\n\r\nx"
    ),
    "many pieces of many names": lambda: parts_mail(
        *[b"Content-Type: x/y" + b"".join(b"; name*%d=a" % n for n in range(300)) + b"\r\n\r\nx"]
        * 120
    ),
    "parentheses in From": lambda: raw_mail(From="(" * 900 + CASEY),
    "a long From": lambda: raw_mail(From="a " * 100_000 + f"<{CASEY}>"),
    "encoded words": lambda: raw_mail(
        Subject="\r\n ".join(["=?utf-8?q?a?= =?latin1?b?YQ==?="] * 6000)
    ),
    "almost encoded words": lambda: raw_mail(Subject="=?a?q?" * 40_000),
    "a gap between words": lambda: raw_mail(Subject="=?a?q?x?=" + " " * 240_000),
    "open comments in HTML": lambda: raw_mail(body="<!--" * 60_000, Content_Type="text/html"),
    "open tags in HTML": lambda: raw_mail(body="<a " * 80_000, Content_Type="text/html"),
    "angles in HTML": lambda: raw_mail(body="<" * 250_000, Content_Type="text/html"),
    "breaks in HTML": lambda: raw_mail(body="<br>\r\n \r\n" * 30_000, Content_Type="text/html"),
    "broken base64": lambda: raw_mail(body=b"=A" * 500_000, Content_Transfer_Encoding="base64"),
    "soft line breaks": lambda: raw_mail(
        body=b"=\r\n=" * 80_000, Content_Transfer_Encoding="quoted-printable"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_message_costs_much_time_or_memory(name: str) -> None:
    raw = HOSTILE[name]()
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert outcome(raw)
    assert time.process_time() - began < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES * 1024


LINES = st.sampled_from(
    [
        *(
            f"From: {CASEY}",
            f"To: {CASEY}",
            "Subject: =?utf-8?b?4p?=",
            "Subject: \xff",
            "MIME-Version: 1.0",
        ),
        *("Content-Type: text/html; charset=utf-16", 'Content-Type: multipart/mixed; boundary="b"'),
        *(
            "Content-Type: x",
            "Content-Type: message/rfc822",
            "Content-Type: ;;=;",
            "Content-Type: a/b; name*0*=%",
        ),
        *(
            "Content-Transfer-Encoding: base64",
            "Content-Transfer-Encoding: quoted-printable",
            "Date: \0",
        ),
        *(
            "Content-Disposition: attachment; filename*=x'y'%FF",
            "Content-ID: 9",
            "",
            "",
            "--b",
            "--b--",
            "text",
        ),
        *(
            "Content-Disposition: attachment; filename==?zlib?b?eJw=?=",
            "=FF=",
            "QUJD",
            " folded",
            "Received: (",
        ),
    ]
)


@given(st.lists(LINES, max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_message_is_read_or_refused_with_a_reason(lines: list[str]) -> None:
    raw = f"From: {CASEY}\r\n".encode() + "\r\n".join(lines).encode("latin-1")
    found = outcome(raw)
    if isinstance(found, str):
        assert found
    else:
        found.text.encode("utf-8")
        assert all(not set(value) & set("\r\n\0") for _, value in found.headers)
