"""Character sets and encoded words: clean text from whatever claims to be some."""

from __future__ import annotations

import base64
import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import decoding


@pytest.mark.parametrize("charset", ["utf-8", "ISO-8859-1", "'koi8-r'", "iso-2022-jp", "GB2312"])
def test_character_sets_of_text_have_a_codec(charset: str) -> None:
    assert decoding.codec(charset) is not None


def test_every_codec_of_text_is_called_as_python_calls_it() -> None:
    assert {codecs.lookup(name).name for name in decoding.TEXT_CODECS} == decoding.TEXT_CODECS


@pytest.mark.parametrize(
    "charset",
    [
        *("punycode", "idna", "unicode_escape", "zlib", "base64", "rot13", "undefined", "0", ""),
        *("x-unknown", '""', "utf-8\\0x", "a" * 300, "../../etc/passwd"),
    ],
)
def test_codecs_that_do_more_than_decode_text_cannot_be_named(charset: str) -> None:
    assert decoding.codec(charset) is None


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Größe".encode(), "utf-8", "Größe"),
        ("Größe".encode("latin-1"), "iso-8859-1", "Größe"),
        ("Größe".encode(), "us-ascii", "Größe"),
        ("Größe".encode("cp1252"), "us-ascii", "Größe"),
        ("Größe".encode("cp1252"), "x-unknown", "Größe"),
        ("привет".encode("koi8-r"), "KOI8-R", "привет"),
        ("自由".encode("iso2022_jp"), "iso-2022-jp", "自由"),
    ],
)
def test_text_is_decoded_as_it_says_or_as_it_evidently_is(
    content: bytes, charset: str, text: str
) -> None:
    assert decoding.decode(content, charset) == text


@pytest.mark.parametrize(
    ("content", "text"), [(b"+2AA-", "\ufffd"), (b"+2AA-\xff", "\ufffd\ufffd")]
)
def test_half_a_character_becomes_a_sign_that_can_be_written(content: bytes, text: str) -> None:
    assert decoding.decode(content, "utf-7") == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("=?UTF-8?B?R3LDtsOfZQ==?= of it", "Größe of it"),
        ("=?utf-8?q?two?= =?utf-8?q?_words?=", "two words"),
        ("=?utf-8?b?w?= =?utf-8?b?7Y=?=", "=?utf-8?b?w?= =?utf-8?b?7Y=?="),
        ("=?utf-8?q?=C3?= =?utf-8?q?=B6?=", "ö"),
        ("a =?x-unknown?q?b=41?= c", "a bA c"),
        ("=?utf-8*en?q?language?=", "language"),
        ("tab\tand\r\n fold", "tab and  fold"),
        ("=?utf-8?q?X=0D=0ABcc:_victim?=", "X Bcc: victim"),
        ("left \u202eright", "left right"),
    ],
)
def test_encoded_words_become_clean_text(written: str, read: str) -> None:
    if written.startswith("=?utf-8?b?w?="):  # half a quantum: shown as it can be, never refused
        assert isinstance(decoding.words(written), str)
    else:
        assert decoding.words(written) == read


def test_a_character_that_stands_in_two_words_is_put_together() -> None:
    whole = "日本語の件名".encode()
    one, other = (base64.b64encode(piece).decode() for piece in (whole[:7], whole[7:]))
    assert decoding.words(f"=?utf-8?b?{one}?=\r\n =?utf-8?b?{other}?=") == "日本語の件名"


@given(st.binary(max_size=400), st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_bytes_in_any_character_set_become_text_that_can_be_written(raw: bytes, name: str) -> None:
    text = decoding.decode(raw, name)
    assert text.encode("utf-8").decode("utf-8") == text


@given(st.lists(st.sampled_from(["=?", "?=", "?q?", "?b?", "utf-8", "=41", " ", "\r\n ", "é"])))
@settings(max_examples=200, deadline=None)
def test_any_header_text_becomes_one_clean_line(pieces: list[str]) -> None:
    assert not set(decoding.words("".join(pieces))) & set("\r\n\t\x00\x1b")
