"""DKIM's canonical forms, held against another implementation."""

from __future__ import annotations

import pytest
from dkim.canonicalization import CanonicalizationPolicy
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import canonical

BODIES = st.lists(st.sampled_from([b"\r\n", b" ", b"\t", b"  ", b"x", b"word", b" \r\n", b"\xff"]))
VALUES = st.lists(st.sampled_from([b"\r\n ", b"\r\n\t", b" ", b"\t", b"x", b":", b"word", b"\xff"]))


@pytest.mark.parametrize("form", ["simple", "relaxed"])
@given(pieces=BODIES)
@settings(max_examples=200, deadline=None)
def test_bodies_take_the_same_form_as_elsewhere(form: str, pieces: list[bytes]) -> None:
    body = b"".join(pieces)
    other = CanonicalizationPolicy.from_c_value(f"simple/{form}".encode())
    expected = other.canonicalize_body(body)
    if form == "simple" or expected == b"" or body.endswith(b"\r\n"):
        assert canonical.BODY[form](body) == expected


@pytest.mark.parametrize("form", ["simple", "relaxed"])
@given(pieces=VALUES)
@settings(max_examples=200, deadline=None)
def test_header_fields_take_the_same_form_as_elsewhere(form: str, pieces: list[bytes]) -> None:
    value = b"".join(pieces)
    other = CanonicalizationPolicy.from_c_value(f"{form}/simple".encode())
    ((name, expected),) = other.canonicalize_headers([(b"X-Field", value + b"\r\n")])
    ours = canonical.HEADER[form](b"X-Field:" + value)
    assert ours + b"\r\n" == name + b":" + expected


def test_the_examples_of_rfc_6376_come_out_as_they_stand_there() -> None:
    body = b" C \r\nD \t E\r\n\r\n\r\n"
    assert canonical.relaxed_body(body) == b" C\r\nD E\r\n"
    assert canonical.simple_body(body) == b" C \r\nD \t E\r\n"
    assert canonical.relaxed_header(b"A: X") == b"a:X"
    assert canonical.relaxed_header(b"B : Y\t\r\n\tZ  ") == b"b:Y Z"


def test_an_empty_body_is_a_line_end_or_nothing() -> None:
    assert (canonical.simple_body(b""), canonical.relaxed_body(b"")) == (b"\r\n", b"")
    assert (canonical.simple_body(b"\r\n\r\n"), canonical.relaxed_body(b" \r\n")) == (b"\r\n", b"")
