"""What a file is, and what is never carried."""

from __future__ import annotations

import pytest
from documents import a_zip

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable
from relay.masking.scrub.signatures import Seal, seal
from relay.masking.scrub.sniff import Kind, kind

ME = "dana.keller@private.test"
HOST = "ws-7.lan.private.test"
IDENTITY = Identity((ME,), hosts=(HOST,), ips=("10.7.8.9",), surnames=("Keller",))
NOBODY = Identity(("sam@other.test",))


@pytest.mark.parametrize(
    ("content_type", "content", "found"),
    [
        ("application/pgp-signature", b"", Seal.SIGNATURE),
        ("application/octet-stream", b"-----BEGIN PGP SIGNATURE-----\n", Seal.SIGNATURE),
        ("text/plain", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", Seal.KEY),
        ("text/plain", b"-----BEGIN CERTIFICATE-----\n", Seal.KEY),
        ("text/plain", b"-----BEGIN PGP MESSAGE-----\n", Seal.ENCRYPTED),
        ("multipart/encrypted", b"", Seal.ENCRYPTED),
        ("application/x-y", bytes.fromhex("308006092a864886f70d010702a080"), Seal.SIGNATURE),
        ("application/x-y", bytes.fromhex("3082010006092a864886f70d010703a082"), Seal.ENCRYPTED),
        ("application/pkcs7-signature", b"", Seal.SIGNATURE),
        ("application/pgp-keys", b"", Seal.KEY),
        ("text/plain", b"Hello", None),
    ],
)
def test_seals_are_told_by_label_and_by_bytes(
    content_type: str, content: bytes, found: Seal
) -> None:
    assert seal(content_type, content) is found


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc", "key"),
        (b"-----BEGIN PGP MESSAGE-----\n\nabc", "encrypted"),
        (bytes.fromhex("308006092a864886f70d010702a080"), "signature"),
        (b"\x99\x01\x0d\x04\x65\x00\x00\x00\x01\x08", "key"),
        (b"\x85\x01\x0c\x03\x12\x34\x56\x78\x9a\xbc", "encrypted"),
        (b"\x78\x9f\x3e\x22\x01\x00", "Outlook"),
    ],
)
def test_sealed_and_foreign_files_are_refused_with_their_reason(
    content: bytes, reason: str
) -> None:
    with pytest.raises(Unscrubbable, match=reason):
        scrub(content, IDENTITY)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"From: a@b.test\nTo: c@d.test\nSubject: hi\nDate: x\n\nHello", Kind.MESSAGE),
        (b"Received: from x\n by y\nMessage-ID: <1@x>\nX: y\n\n", Kind.MESSAGE),
        (b"From x Mon\nFrom: a@b\nSubject: c\nTo: d\n\n", Kind.MESSAGE),
        (b"name: value\nother: thing\nthird: one\n", Kind.TEXT),
        (b"\xef\xbb\xbfBEGIN:VCALENDAR\n", Kind.CALENDAR),
        ("BEGIN:VCARD\n".encode("utf-16"), Kind.VCARD),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", Kind.SVG),
        (b"<!-- x --><!DOCTYPE svg>\n<s:svg xmlns:s='x'/>", Kind.SVG),
        (b"<html><svg/></html>", Kind.HTML),
        (b"\n<!DOCTYPE html>\n<p>x", Kind.HTML),
        (b"x <html>", Kind.TEXT),
        (b"MZ\x90\0\3\0\0", Kind.UNKNOWN),
        (b"", Kind.TEXT),
    ],
)
def test_kinds_are_told_by_what_a_file_begins_with(content: bytes, found: Kind) -> None:
    assert kind(content) is found


@pytest.mark.parametrize(
    "content",
    [
        b"8BPS\0\1" + bytes(60),
        b"FUJIFILMCCD-RAW" + bytes(60),
        b"L\0\0\0\1\x14\2\0" + bytes(60),
        b"<?xml version='1.0'?><office:document office:version='1.3'/>",
        b"!BDN" + bytes(60),
        bytes(0x8001) + b"CD001" + bytes(60),
        b"MZ\x90\0" + a_zip({"a": "b"}),
    ],
)
def test_formats_with_hidden_details_that_nobody_can_remove_are_refused(content: bytes) -> None:
    with pytest.raises(Unscrubbable):
        scrub(content, NOBODY)


def test_a_file_in_an_archive_is_named_as_such_in_the_reason() -> None:
    with pytest.raises(
        Unscrubbable, match=r"^it holds something that cannot be carried: it is a key"
    ):
        scrub(a_zip({"a": a_zip({"key.asc": "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"})}), IDENTITY)
