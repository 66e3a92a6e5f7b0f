from __future__ import annotations

import base64
import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import words
from config.values import HostPort


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Peers.Example.Test", "peers.example.test"),
        ("peers.example.test.", "peers.example.test"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_domain_is_kept_as_lower_case_a_labels(written: str, name: str) -> None:
    assert words.domain(written) == name


@pytest.mark.parametrize(
    "written",
    [
        "localhost",
        "",
        "a..b",
        "-a.test",
        "a-.test",
        "a_b.test",
        "a b.test",
        "x@y.test",
        "1.2.3.4",
        "[::1]",
        "a." + "b" * 64,
        "a." * 127 + "test",
        "ex\nample.test",
        None,
        5,
        "https://a.test",
    ],
)
def test_anything_else_is_no_domain(written: object) -> None:
    with pytest.raises(ValueError, match="a domain name such as"):
        words.domain(written)


@pytest.mark.parametrize("written", ["straße.example", "a\u200db.example"])
def test_a_domain_that_two_standards_write_differently_is_not_guessed(written: str) -> None:
    with pytest.raises(ValueError, match="xn--"):
        words.domain(written)


@pytest.mark.parametrize(
    "written",
    ["hr@example.com", "a.b+c@sub.example.com", "o'neil@example.com", "jörg@bücher.example"],
)
def test_a_mail_address_is_a_mailbox_and_a_domain(written: str) -> None:
    assert words.address(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "hr",
        "hr@",
        "@example.com",
        "HR <hr@example.com>",
        "a@b@c.test",
        "a,b@c.test",
        "",
        5,
        "a\r\n@b.test",
    ],
)
def test_anything_else_is_no_mail_address(written: object) -> None:
    with pytest.raises(ValueError, match="one mail address such as"):
        words.address(written)


def test_a_company_is_one_line_because_it_stands_in_headers() -> None:
    assert words.line(" Müller & Söhne ") == "Müller & Söhne"
    for written in ("", "  ", "a\r\nBcc: x", "a\u202eb", 5):
        with pytest.raises(ValueError, match="one line of text"):
            words.line(written)


def test_a_path_keeps_its_form_but_its_tilde() -> None:
    assert words.path("var/outbox") == Path("var/outbox")
    assert words.path("~/x") == Path.home() / "x"
    for written in ("", "a\0b", 5, "~nobody-of-that-name/x"):
        with pytest.raises(ValueError, match="a path"):
            words.path(written)


@pytest.mark.parametrize("written", ["https://example.com/jobs?x=1", "http://example.com"])
def test_a_url_is_one_of_the_web(written: str) -> None:
    assert words.web_url(written) == written


@pytest.mark.parametrize(
    "written",
    ["example.com", "javascript:alert(1)", "https://", "https://a b", "https://u:p@example.com", 5],
)
def test_anything_else_is_no_url(written: object) -> None:
    with pytest.raises(ValueError, match="a URL such as"):
        words.web_url(written)


def test_a_scanner_is_named_by_url_or_by_host_and_port() -> None:
    assert words.scanner_url("127.0.0.1:11333") == "http://127.0.0.1:11333"
    assert words.scanner_url("https://rspamd.example:8") == "https://rspamd.example:8"
    assert words.scanner_address("tcp://127.0.0.1:3310") == HostPort("127.0.0.1", 3310)
    with pytest.raises(ValueError, match="host:port"):
        words.scanner_address("127.0.0.1")


@pytest.mark.parametrize(
    "written", ["sqlite:///var/peerpost.db", "sqlite:////abs/p.db", "postgresql+psycopg://u:p@h/db"]
)
def test_two_kinds_of_database_are_known(written: str) -> None:
    assert words.storage_url(written) == written


@pytest.mark.parametrize(
    "written",
    ["sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql://h/db", "mysql://h/db", "", 5],
)
def test_no_other_database_is(written: object) -> None:
    with pytest.raises(ValueError, match="sqlite:///var"):
        words.storage_url(written)


def test_a_broker_is_named_by_a_url_of_any_scheme() -> None:
    assert words.broker_url("redis://localhost:6379/1") == "redis://localhost:6379/1"
    for written in ("redis", "", 5, "://x", "redis://a b"):
        with pytest.raises(ValueError, match="embedded://"):
            words.broker_url(written)


def test_a_sealing_key_is_32_bytes_in_base64() -> None:
    assert words.sealing_key(base64.b64encode(b"k" * 32).decode()) == b"k" * 32
    for written in (base64.b64encode(b"k" * 16).decode(), "not base64!", "ä", "", 5):
        with pytest.raises(ValueError, match="32 random bytes"):
            words.sealing_key(written)


def test_a_language_is_a_name_of_a_folder_and_no_path() -> None:
    assert words.language("DE") == "de"
    for written in ("../x", "english", "", 5):
        with pytest.raises(ValueError, match="a language code"):
            words.language(written)


def test_a_selector_is_a_name_in_dns() -> None:
    assert words.selector("peerpost.2026") == "peerpost.2026"
    for written in ("a b", "", "a..b", 5):
        with pytest.raises(ValueError, match="a DKIM selector"):
            words.selector(written)


@given(st.text() | st.integers() | st.none() | st.binary())
@settings(max_examples=150, deadline=None)
def test_every_parser_answers_anything_with_a_value_or_a_value_error(written: object) -> None:
    for parse in (words.line, words.domain, words.address, words.path, words.web_url, words.scanner_url,
                  words.storage_url, words.broker_url, words.sealing_key, words.language, words.selector):  # fmt: skip
        with contextlib.suppress(ValueError):
            parse(written)
