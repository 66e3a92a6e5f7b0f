"""DKIM signatures, verified by dkimpy: software that shares nothing with the signer."""

from __future__ import annotations

import functools
import re

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from letters import rsa_pem

from relay.delivery.lines import canonical
from relay.delivery.signing import Signer, Signers, public_record

MAIL = (
    b"From: Dana Doe <dana@peers.example.test>\r\nTo: alex@corp.example.test\r\n"
    b"Subject: hello\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n"
    b"Message-ID: <1@peers.example.test>\r\nMIME-Version: 1.0\r\n\r\nHi.\r\n"
)


@functools.cache
def signer() -> Signer:
    return Signer(rsa_pem(), "peerpost", "peers.example.test")


def verifies(content: bytes) -> bool:
    def txt(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"peerpost._domainkey.peers.example.test."
        return public_record(rsa_pem()).encode()

    return bool(dkim.verify(content, dnsfunc=txt))


def test_a_signed_message_verifies_and_is_otherwise_unchanged():
    signed = signer().sign(MAIL)
    assert verifies(signed)
    assert signed.endswith(b"\r\n" + MAIL)
    assert max(map(len, signed.split(b"\r\n"))) <= 90


def test_while_a_key_takes_over_both_signatures_verify() -> None:
    after = Signer(rsa_pem(2), "next", "peers.example.test")
    signed = Signers((signer(), after)).sign(MAIL)
    records = {
        b"peerpost._domainkey.peers.example.test.": public_record(rsa_pem()).encode(),
        b"next._domainkey.peers.example.test.": public_record(rsa_pem(2)).encode(),
    }
    checked = dkim.DKIM(signed)
    assert all(checked.verify(idx=n, dnsfunc=lambda name, **_: records[name]) for n in range(2))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Hi.", b"Hi!"),
        (b"Subject: hello", b"Subject: hell"),
        (b"dana@", b"dora@"),
        (b"MIME-Version: 1.0\r\n", b""),
    ],
)
def test_a_change_to_what_is_read_breaks_the_signature(old: bytes, new: bytes):
    assert not verifies(signer().sign(MAIL).replace(old, new))


@pytest.mark.parametrize(
    "field", [b"From: eve@evil.test", b"Subject: win", b"Reply-To: e@evil.test", b"Cc: e@evil.test"]
)
def test_a_field_added_on_top_or_below_breaks_the_signature(field: bytes):
    signed = signer().sign(MAIL)
    assert not verifies(field + b"\r\n" + signed)
    assert not verifies(signed.replace(b"\r\n\r\n", b"\r\n" + field + b"\r\n\r\n", 1))


def test_trace_fields_that_hosts_put_on_top_do_not_break_it():
    assert verifies(b"Received: from a by b;\r\n\tMon, 2 Nov 2026\r\n" + signer().sign(MAIL))


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n\r\n", b"  \r\n\t\r\n", b"no end of line"])
def test_bodies_that_are_empty_or_nearly_so_verify(body: bytes):
    assert verifies(signer().sign(MAIL.replace(b"Hi.\r\n", body)))


def test_bare_line_ends_are_made_crlf_before_they_are_signed():
    signed = signer().sign(MAIL.replace(b"Hi.", b"a\nb\rc"))
    assert b"a\r\nb\r\nc\r\n" in signed
    assert verifies(signed)


def test_repeated_and_folded_fields_verify():
    odd = MAIL.replace(
        b"Subject: hello", b"SUBJECT:\r\n \t hello \t\r\n  there\t \r\nReferences: <a>\r\n\t<b>"
    )
    assert verifies(signer().sign(odd + b"Subject: not a field\r\n"))
    twice = MAIL.replace(b"MIME-V", b"References: <a>\r\nReferences: <b>\r\nMIME-V")
    assert verifies(signer().sign(twice))


WHITE = st.text(st.sampled_from("ab.:; \t\r\né\x00"), max_size=60).map(str.encode)


@settings(max_examples=25, deadline=None)
@given(body=WHITE, subject=WHITE)
@example(body=b" \r\n \t \r\n", subject=b"\t  \r\n  ")
@example(body=b"a" + b" " * 17 + b"\t", subject=b"")
def test_any_white_space_verifies(body: bytes, subject: bytes):
    folded = re.sub(rb"[\r\n]+", b"\r\n ", subject)
    content = MAIL.replace(b"hello", b"x" + folded).replace(b"Hi.\r\n", body)
    assert verifies(signer().sign(content))


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("a.\r\n"), max_size=30).map(str.encode))
def test_canonical_content_has_no_line_end_but_crlf(content: bytes):
    tidy = canonical(content)
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", tidy)
    assert tidy.endswith(b"\r\n") or not tidy
    assert tidy.splitlines() == content.splitlines()
    assert canonical(tidy) is tidy


def test_only_an_rsa_private_key_is_accepted():
    curve = ec.generate_private_key(ec.SECP256R1())
    pem = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for wrong in (b"", b"peerpost", pem):
        with pytest.raises(ValueError, match="key"):
            Signer(wrong, "s", "d.test")
    assert public_record(rsa_pem()).startswith("v=DKIM1; k=rsa; p=MII")
