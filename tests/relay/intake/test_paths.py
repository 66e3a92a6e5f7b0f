"""Paths on MAIL and RCPT: what is an address, what is not, and how long that takes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.intake.paths import path_of


@pytest.mark.parametrize(
    ("argument", "address", "rest"),
    [
        ("<alex@corp.test>", "alex@corp.test", ""),
        ("<alex@corp.test> SIZE=10", "alex@corp.test", "SIZE=10"),
        ("<>", "<>", ""),
        ("<> BODY=8BITMIME", "<>", "BODY=8BITMIME"),
        ("alex@corp.test", "alex@corp.test", ""),
        ('<"a b>c"@corp.test>', '"a b>c"@corp.test', ""),
        ("<dána@bücher.test>", "dána@bücher.test", ""),
        ("<postmaster>", "postmaster", ""),
        ("<a@[192.0.2.1]>", "a@[192.0.2.1]", ""),
    ],
)
def test_an_address_is_taken_as_it_is_written(argument: str, address: str, rest: str) -> None:
    assert path_of(argument) == (address, rest)


@pytest.mark.parametrize(
    "argument",
    [
        "<@other.test:victim@corp.test>",  # a source route
        "<@a.test,@b.test:victim@corp.test>",
        "<victim@other.test:peer-alex@corp.test>",
        "<a b@corp.test>",
        "<a..b@corp.test>",
        "<alex@corp.test",
        "<alex@corp.test>x",
        "<alex>",
        "<alex@corp.test\x00>",
        "<alex@corp.test\r\nRCPT TO:<x@y.test>",
        "<a@b@corp.test>",
        "<(comment)alex@corp.test>",
        "<" + "a" * 300 + "@corp.test>",
        "<alex@corp.test\u2028>",
        "",
    ],
)
def test_what_could_be_read_in_two_ways_is_no_address(argument: str) -> None:
    assert path_of(argument)[0] is None


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=400))
def test_whatever_is_written_the_answer_is_an_address_or_none(argument: str) -> None:
    address, _ = path_of(argument)
    assert address is None or address == "<>" or len(address) <= 256
    assert address is None or address.isprintable()


@pytest.mark.parametrize("hostile", ["<" + "(" * 100_000, '<"' + "\\" * 100_000, "a." * 50_000])
def test_a_hostile_path_is_refused_in_linear_time(hostile: str) -> None:
    assert path_of(hostile)[0] is None
