"""Key records: which keys count."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from mails import ed25519_key, key_record, rsa_key

from screening import keys


def test_keys_of_both_kinds_are_read() -> None:
    assert not keys.read(key_record()).testing
    assert not keys.read(key_record(ed25519_key())).testing


def test_a_key_may_come_without_its_wrapping() -> None:
    bare = rsa_key().public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    assert keys.read(f"p={base64.b64encode(bare).decode()}").public == rsa_key().public_key()


def test_flags_are_read() -> None:
    assert keys.read(key_record(extra="t=y; ")).testing
    assert keys.read(key_record(extra="t=s : x; ")).exact


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ("v=DKIM1; p=", "revoked"),
        ("v=DKIM1; k=rsa; p=AAAA", "cannot be read"),
        ("v=DKIM1; p=!!", "cannot be read"),
        ("p=a; p=b", "cannot be read"),
        ("nonsense", "cannot be read"),
        (key_record().replace("v=DKIM1", "v=DKIM2"), "no key for mail"),
        (key_record(extra="s=tlsrpt; "), "no key for mail"),
        (key_record(extra="h=sha1; "), "hashes"),
        (key_record().replace("k=rsa", "k=dsa"), "unknown kind"),
        (key_record(rsa_key(1024)).replace("k=rsa", "k=ed25519"), "cannot be read"),
    ],
)
def test_what_could_prove_nothing_is_unusable(record: str, why: str) -> None:
    with pytest.raises(keys.Unusable, match=why):
        keys.read(record)


def test_a_key_of_1024_bits_still_counts() -> None:
    assert keys.read(key_record(rsa_key(1024))).public.key_size == 1024


def test_a_weak_key_does_not_count() -> None:
    # 512 bits, from a record in the wild's form; the library makes no such keys any more
    weak = (
        "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALkcMgvFjGOPbtmqjTN50ppSp4cK2Ca4"
        "m8q4gwkXxxVyAIXTMpb+VOgGRHJqXnQBR7dyoTcdJzN3VGKLcP5FgT0CAwEAAQ=="
    )
    with pytest.raises(keys.Unusable):
        keys.read(f"v=DKIM1; p={weak}")
