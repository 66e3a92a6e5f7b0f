"""Text files, and bytes of no known kind."""

from __future__ import annotations

import base64
import binascii
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable
from relay.masking.scrub.sniff import Kind, kind

ME = "dana.keller@private.test"
HOST = "ws-7.lan.private.test"
IDENTITY = Identity((ME,), hosts=(HOST,), ips=("10.7.8.9",), surnames=("Keller",))
MASK = "guest-abcdefghij234567abcd@peers.test"
OTHER = "peer-alex+t.zyxwvutsrq765432zyxw@peers.test"
NOBODY = Identity(("sam@other.test",))


@pytest.mark.parametrize(
    "codec",
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "latin-1",
        "iso2022_jp_ext",
    ],
)
def test_an_address_in_a_text_file_is_replaced_in_its_charset(codec: str) -> None:
    text = f"Größe;42\r\n{ME};7\r\nEnde" if codec != "iso2022_jp_ext" else f"日本語 {ME} です"
    cleaned = scrub(text.encode(codec), IDENTITY, MASK)
    assert cleaned == text.replace(ME, MASK).encode(codec)


def test_what_tells_nothing_keeps_its_bytes() -> None:
    for content in (b"a;b\r\n1;2\r\n", bytes(range(256)) * 40, b"", b"\xff\xfe", "größe".encode()):
        assert scrub(content, IDENTITY) == content


def test_machines_go_and_names_domains_and_other_people_stay() -> None:
    content = f"Dana Keller of private.test (bo@private.test) on {HOST}, 10.7.8.9\n".encode()
    wanted = b"Dana Keller of private.test (bo@private.test) on [removed], [removed]\n"
    assert scrub(content, IDENTITY) == wanted


@pytest.mark.parametrize(
    "coded",
    [
        "<a href='mailto:dana.keller%40private.test'>me</a>",
        "dana.keller&#64;private.test",
        "dana.keller&commat;private&period;test",
        r'{"mail": "dana.keller\u0040private.test"}',
        "DANA.KELLER@PRIVATE.TEST",
        "dana.keller+jobs@private.test",
        "https://safe.test/?u=mailto%253Adana.keller%2540private.test",
    ],
)
def test_codings_within_a_text_are_undone(coded: str) -> None:
    cleaned = scrub(f"see {coded} there".encode(), IDENTITY, MASK)
    assert b"keller" not in cleaned.lower()
    assert cleaned.startswith(b"see ")
    assert cleaned.endswith(b" there")


def test_a_mask_that_the_reader_must_not_see_is_swapped() -> None:
    cleaned = scrub(f"ask {OTHER}".encode(), IDENTITY, MASK, {OTHER: "alex@corp.test"})
    assert cleaned == b"ask alex@corp.test"
    with pytest.raises(Unscrubbable):
        scrub(b"\0\1" + OTHER.encode(), IDENTITY, MASK, {OTHER: "alex@corp.test"})


@pytest.mark.parametrize(
    "content",
    [
        base64.b64encode(f"to {ME}".encode()),
        b"token=" + base64.urlsafe_b64encode(f'{{"sub":"{ME}"}}'.encode()),
        b"x" + base64.encodebytes(f"{'line ' * 30}{ME}".encode()),
        binascii.hexlify(ME.encode()),
        b"face " + binascii.hexlify(ME.encode()),
        b"see\nbegin 644 a.txt\n" + binascii.b2a_uu(ME.encode()) + b"`\nend\n",
        ME.encode().hex(":").encode(),
        b"\1\2\3\xff\0" + ME.encode("utf-16-le"),
        b"\1\2\3\xff" + ME.encode("utf-16-be"),
        b"\1\0" + ME.encode("utf-32-le"),
        b"\1\0" + zlib.compress(b"<a>" + ME.encode() + b"</a>"),
        b"\1\0" + ME.upper().encode() + b"\xff",
    ],
)
def test_bytes_that_show_the_address_in_a_coding_are_kept_back(content: bytes) -> None:
    with pytest.raises(Unscrubbable, match="your address"):
        scrub(content, IDENTITY)
    assert scrub(content, NOBODY) == content


def test_bytes_may_begin_anywhere_and_words_may_not() -> None:
    with pytest.raises(Unscrubbable):
        scrub(b"\1udta" + ME.encode(), IDENTITY)
    somebody = b"jordana.keller@private.test\n"
    assert scrub(somebody, IDENTITY) == somebody


def test_addresses_in_other_scripts_are_found_in_bytes() -> None:
    identity = Identity(("дана@пример.test",))
    for codec in ("utf-8", "utf-16-le"):
        with pytest.raises(Unscrubbable):
            scrub(b"\1\0\xff\xfe\xfd" + "дана@пример.test".encode(codec), identity)


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
@settings(max_examples=150, deadline=None)
def test_an_address_anywhere_in_a_text_goes_and_all_else_stays(a: str, b: str, codec: str) -> None:
    content = f"{a} {ME} {b}".encode(codec, "replace")
    try:
        cleaned = scrub(content, IDENTITY, MASK)
    except Unscrubbable:
        return
    assert ME.encode(codec) not in cleaned
    if kind(content) is Kind.TEXT and ME not in (a + b):
        before, _, after = cleaned.decode(codec).partition(MASK)
        assert (before, after) == tuple(content.decode(codec).split(ME))


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_carried_or_refused(content: bytes) -> None:
    for start in (
        b"",
        b"\x1f\x8b\x08",
        b"PK\3\4",
        b"%PDF-1.4\n",
        b"\xff\xd8\xff",
        b"{\\rtf1",
        b"BM",
    ):
        try:
            scrub(start + content, IDENTITY)
        except Unscrubbable as refusal:
            reason = refusal.reason
            assert reason.startswith("it ")
            assert not reason.endswith(".")
