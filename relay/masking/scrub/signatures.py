"""Parts that only prove or hide: PGP and S/MIME signatures, keys and encrypted content."""

from __future__ import annotations

import re
from enum import StrEnum

from relay.masking.scrub.sniff import openpgp

_ENCRYPTED_TYPES = frozenset(("application/pgp-encrypted", "multipart/encrypted"))
_SIGNATURE_TYPES = frozenset(
    ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
)
_KEY_TYPES = frozenset(
    """application/pgp-keys application/pkix-cert application/x-x509-ca-cert application/pkcs8
    application/x-x509-user-cert application/x-pkcs12 application/pkcs12""".split()  # noqa: SIM905
)
_ARMOR = re.compile(rb"^-----BEGIN ([A-Z0-9 ,/#]{3,40})-----", re.MULTILINE)
_HEAD = 4096
# Below 1.2.840.113549.1: signed data, and all that is encrypted (RFC 5652, RFC 5083).
_SIGNED = bytes.fromhex("2a864886f70d010702")
_ENVELOPES = tuple(
    bytes.fromhex("2a864886f70d01" + ending) for ending in ("0703", "0704", "0706", "0910010117")
)
_TAGS_OF_ENCRYPTED, _TAG_OF_SIGNATURE = (1, 3, 9, 18, 20), 2


class Seal(StrEnum):
    """What such a part is; the value is why it is not carried, as `Unscrubbable` says it."""

    SIGNATURE = "it is a signature, which tells who you are"
    KEY = "it is a key or a certificate, which tells who you are"
    ENCRYPTED = "it is encrypted, so nobody can check it"


def seal(content_type: str, content: bytes) -> Seal | None:
    """What a part is by its label or, whatever that says, by its bytes; None for anything else."""
    kind = content_type.lower()
    if kind in _ENCRYPTED_TYPES:
        return Seal.ENCRYPTED
    if kind in _SIGNATURE_TYPES:
        return Seal.SIGNATURE
    return _by_bytes(content[:_HEAD]) or (Seal.KEY if kind in _KEY_TYPES else None)


def _by_bytes(head: bytes) -> Seal | None:
    if found := _ARMOR.search(head):
        label = found[1]
        if b"SIGNATURE" in label or label in (b"PGP SIGNED MESSAGE", b"PKCS7", b"CMS"):
            return Seal.SIGNATURE
        return Seal.ENCRYPTED if label.startswith(b"PGP MESSAGE") else Seal.KEY
    if head[:1] == b"\x30":
        early = head[:40]
        if any(mark in early for mark in _ENVELOPES):
            return Seal.ENCRYPTED
        return Seal.SIGNATURE if _SIGNED in early else None
    if openpgp(head):
        tag = head[0] & 0x3F if head[0] & 0x40 else (head[0] >> 2) & 0xF
        if tag in _TAGS_OF_ENCRYPTED:
            return Seal.ENCRYPTED
        return Seal.SIGNATURE if tag == _TAG_OF_SIGNATURE else Seal.KEY
    return None
