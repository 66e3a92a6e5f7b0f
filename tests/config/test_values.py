from __future__ import annotations

import contextlib
from datetime import timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import values
from config.choices import Policy
from config.values import HostPort, Unusable


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("36h", 129600),
        ("3d", 259200),
        ("2w", 1209600),
        (" 0s ", 0),
        ("0.5s", 0.5),
    ],
)
def test_a_duration_is_a_number_and_a_unit(written: str, seconds: float) -> None:
    assert values.duration(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "written",
    [
        "soon",
        "",
        "24",
        24,
        "1h30m",
        "-1s",
        "1 h",
        "1y",
        "999999999999d",
        "36501d",
        True,
        None,
        "１h",
    ],
)
def test_anything_else_is_no_duration(written: object) -> None:
    with pytest.raises(ValueError, match="a duration such as 90s, 15m, 36h or 3d"):
        values.duration(written)


def test_a_wait_of_nothing_is_refused_where_it_would_spin() -> None:
    assert values.duration("0s") == timedelta()
    with pytest.raises(ValueError, match="above zero"):
        values.positive_duration("0s")


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("25MiB", 25 << 20),
        ("500KB", 500_000),
        ("1 GiB", 1 << 30),
        ("1048576", 1 << 20),
        (1048576, 1 << 20),
        ("7b", 7),
    ],
)
def test_a_size_is_a_number_of_bytes(written: object, count: int) -> None:
    assert values.size(written) == count


@pytest.mark.parametrize("written", ["25 MiBs", "big", "0", "-5MiB", "1.5MiB", "", True, "25Mi"])
def test_anything_else_is_no_size(written: object) -> None:
    with pytest.raises(ValueError, match="a size such as 25MiB"):
        values.size(written)


@pytest.mark.parametrize(
    ("written", "host", "port"),
    [
        ("127.0.0.1:8025", "127.0.0.1", 8025),
        ("[::1]:53", "::1", 53),
        ("mail.example.test:0", "mail.example.test", 0),
    ],
)
def test_an_ipv6_address_with_a_port_stands_in_brackets(written: str, host: str, port: int) -> None:
    assert values.host_port(written) == HostPort(host, port)
    assert str(HostPort(host, port)) == written


@pytest.mark.parametrize(
    "written",
    [
        "127.0.0.1",
        "::1:53",
        ":25",
        "[::1]",
        "host:65536",
        "host:",
        "[host]:25",
        "a b:25",
        "[1::2::3]:5",
        25,
    ],
)
def test_a_host_without_a_port_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"such as 127\.0\.0\.1"):
        values.host_port(written)


def test_a_network_is_a_block_or_one_address() -> None:
    assert values.network("10.0.0.0/8") == ip_network("10.0.0.0/8")
    assert values.network("::1") == ip_network("::1/128")


def test_a_network_with_bits_behind_its_prefix_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="a network such as"):
        values.network("10.0.0.1/8")


@pytest.mark.parametrize(("written", "meant"), [("true", True), ("False", False), (True, True)])
def test_a_boolean_is_true_or_false(written: object, meant: bool) -> None:
    assert values.boolean(written) is meant


@pytest.mark.parametrize("written", ["yes", "1", 1, "", "on"])
def test_nothing_else_is_a_boolean(written: object) -> None:
    with pytest.raises(ValueError, match="true or false"):
        values.boolean(written)


def test_a_number_has_its_bounds() -> None:
    port = values.number(1, 65535)
    assert port("25") == port(25) == 25
    for written in ("0", "65536", "-1", "2.5", True, "", "99999999999"):
        with pytest.raises(ValueError, match="a whole number, 1 to 65535"):
            port(written)


def test_a_word_that_is_none_of_the_choices_is_answered_with_all_of_them() -> None:
    assert values.choice(Policy)("Strict") is Policy.STRICT
    with pytest.raises(ValueError, match="open, balanced or strict"):
        values.choice(Policy)("lax")


@pytest.mark.parametrize(
    "written", [["10.0.0.0/8", "::1"], '["10.0.0.0/8", "::1"]', "10.0.0.0/8, ::1,"]
)
def test_a_list_is_written_in_three_ways(written: object) -> None:
    assert values.listing(values.network)(written) == (ip_network("10.0.0.0/8"), ip_network("::1"))


def test_a_list_that_is_broken_json_is_refused() -> None:
    assert values.listing(values.network)("") == ()
    with pytest.raises(ValueError, match="a list such as"):
        values.listing(values.network)('["10.0.0.0/8"')
    with pytest.raises(ValueError, match="a list such as"):
        values.listing(values.network)(5)


def test_an_error_is_one_line_whatever_was_written() -> None:
    error = Unusable(
        "relay.company", "a\nb" + "x" * 500, "one line of text", origin="PEERPOST_RELAY__COMPANY"
    )
    assert "\n" not in str(error)
    assert len(str(error)) < 200
    assert str(error).startswith('relay.company = "a\\nb')
    assert str(error).endswith("(PEERPOST_RELAY__COMPANY) cannot be used; write one line of text")


@given(st.text() | st.integers() | st.none() | st.booleans() | st.lists(st.text()) | st.floats())
@settings(max_examples=150, deadline=None)
def test_every_parser_answers_anything_with_a_value_or_a_value_error(written: object) -> None:
    parsers = (
        values.duration,
        values.size,
        values.host_port,
        values.network,
        values.boolean,
        values.number(0),
    )
    for parse in (*parsers, values.choice(Policy), values.listing(values.host)):
        with contextlib.suppress(ValueError):
            parse(written)
