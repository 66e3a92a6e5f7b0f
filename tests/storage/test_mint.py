"""Ids sort by time, tokens are secret."""

from __future__ import annotations

import base64
import re
import secrets
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from stores import NOW

from storage.mint import Mint

MINT = Mint(secrets.token_bytes)


@given(random=st.binary(min_size=13, max_size=13))
def test_a_token_is_base32_of_100_random_bits(random: bytes) -> None:
    token = Mint(lambda length: random[:length]).token()
    assert token == base64.b32encode(random).decode().lower()[:20]


@given(random=st.binary(min_size=5, max_size=5), milliseconds=st.integers(0, 10**12))
def test_an_id_is_time_then_randomness(random: bytes, milliseconds: int) -> None:
    now = NOW + timedelta(milliseconds=milliseconds % 10**11)
    told = (int(now.timestamp() * 1000) & (1 << 40) - 1).to_bytes(5)
    made = Mint(lambda length: random[:length]).id(now)
    assert made == base64.b32hexencode(told + random).decode().lower()


def test_ids_sort_by_time() -> None:
    ids = [MINT.id(NOW + timedelta(milliseconds=number)) for number in range(100)]
    assert ids == sorted(ids)


def test_no_two_tokens_are_alike() -> None:
    tokens = {MINT.token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch("[a-z2-7]{20}", token) for token in tokens)
