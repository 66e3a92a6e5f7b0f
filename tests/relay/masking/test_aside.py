"""The gate sees what stands in, before and behind long runs of base64."""

from __future__ import annotations

import base64
import random
import tracemalloc

import pytest

from relay.masking.gate import residual
from relay.masking.identity import Identity

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


def test_a_line_that_looks_like_what_stands_for_a_run_stays_a_line() -> None:
    said = b"set-aside-0\r\nset-aside-9\r\n"
    assert residual(a_mail(a_file(RUN), TEXT + said + b"from " + TOLD), HIDDEN, ())
    assert not residual(a_mail(a_file(RUN), TEXT + said), HIDDEN, ())


def test_a_large_file_takes_a_few_times_its_size() -> None:
    mail = a_mail(a_file(lines(NOISE * 100)))
    tracemalloc.start()
    try:
        residual(mail, HIDDEN, ())
        assert tracemalloc.get_traced_memory()[1] < 6 * len(mail)
    finally:
        tracemalloc.stop()
