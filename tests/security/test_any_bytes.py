"""Whatever bytes come in, the readers answer or refuse, and never break."""

from __future__ import annotations

import random

import pytest
from fuzzing import TARGETS, seeds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = st.sampled_from(
    [
        *(
            b"From",
            b": ",
            b"<a@b.test>",
            b'"',
            b"\\",
            b"(",
            b")",
            b",",
            b";",
            b"@",
            b"\r\n",
            b"\r\n ",
        ),
        *(
            b"Content-Type: ",
            b"multipart/mixed",
            b"; boundary=b",
            b"--b",
            b"--b--",
            b"message/rfc822",
        ),
        *(b"=?utf-8?b?", b"?=", b"=0D=0A", b"charset=utf-7", b"Action: failed", b"Status: 5.1.1"),
        *(b"Content-Transfer-Encoding: base64", b"Final-Recipient: rfc822; a@b.test", b"/later 3d"),
        *(b"> ", b"On Monday, A wrote:", b"<a href=", b"<!--", b"\0", b"\xff", b"\xe2\x80\xae"),
    ]
)
ANY = st.one_of(st.binary(max_size=300), st.lists(WORDS, max_size=40).map(b"".join))


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=ANY)
def test_any_bytes_are_answered_or_refused(name: str, data: bytes) -> None:
    assert TARGETS[name](data) in (True, False)  # and it raised nothing


@pytest.mark.parametrize("name", TARGETS)
def test_real_mail_with_some_bytes_changed_is_answered_or_refused(name: str) -> None:
    chance = random.Random(8)
    for seed in seeds():
        for _ in range(3):
            data = bytearray(seed[:20_000])
            for _ in range(5):
                data[chance.randrange(len(data))] = chance.randrange(256)
            assert TARGETS[name](bytes(data)) in (True, False)


@pytest.mark.parametrize("name", TARGETS)
def test_what_the_search_begins_with_gets_through(name: str) -> None:
    """Else it would only try the gate."""
    assert any(TARGETS[name](seed) for seed in seeds())
