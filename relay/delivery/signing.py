"""DKIM signatures for what leaves (RFC 6376, RFC 8301): relaxed/relaxed, rsa-sha256."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from relay.delivery.lines import canonical

# Listed once more than they occur, so that nobody can add one without breaking the signature
# (RFC 6376 section 8.15). These are the fields that a reader sees or that change what is read.
OVERSIGNED = (
    b"from",
    b"to",
    b"cc",
    b"subject",
    b"date",
    b"message-id",
    b"reply-to",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
)
SIGNED = (b"in-reply-to", b"references", b"auto-submitted")  # where present
_UNFOLDED_LINE_END = re.compile(rb"\r\n(?![ \t])")
_LINE = 72  # characters of base64 on one line of the signature field


class Signing(Protocol):
    """One key or several."""

    def sign(self, content: bytes) -> bytes:
        """The content with CRLF line ends and a DKIM-Signature on top of it."""


class Signers:
    """Signs with each: while a new key takes over, a receiver may know either of them."""

    def __init__(self, each: tuple[Signing, ...]) -> None:
        self._each = each

    def sign(self, content: bytes) -> bytes:
        for one in self._each:
            content = one.sign(content)
        return content


class Signer:
    """Holds the key, which costs 40 ms to load; a signature then costs 0.3 ms."""

    def __init__(self, pem: bytes, selector: str, domain: str) -> None:
        """Raises ValueError if `pem` is no unencrypted RSA private key."""
        self._key = _private_key(pem)
        self._start = f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector};".encode()

    def sign(self, content: bytes) -> bytes:
        """The content with CRLF line ends and a DKIM-Signature on top of it."""
        content = canonical(content)
        head, body = _split(content)
        fields = _fields(head)
        names = _listed(fields)
        value = b"%b\r\n\th=%b;\r\n\tbh=%b;\r\n\tb=" % (
            self._start,
            b":\r\n\t ".join(b":".join(names[i : i + 5]) for i in range(0, len(names), 5)),
            base64.b64encode(hashlib.sha256(relaxed_body(body)).digest()),
        )
        signed = _chosen(fields, names) + b"dkim-signature:" + relaxed_value(value)
        proof = base64.b64encode(self._key.sign(signed, PKCS1v15(), hashes.SHA256()))
        lines = (proof[i : i + _LINE] for i in range(0, len(proof), _LINE))
        return b"DKIM-Signature: " + value + b"\r\n\t ".join(lines) + b"\r\n" + content


def public_record(pem: bytes) -> str:
    """The TXT record to publish at SELECTOR._domainkey.DOMAIN (RFC 6376 section 3.6.1).

    Raises ValueError as Signer does.
    """
    public = _private_key(pem).public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"


def relaxed_value(value: bytes) -> bytes:
    """RFC 6376 section 3.4.2: unfolded, white space as one space, none at the ends."""
    return _single_spaced(value.replace(b"\r\n", b"")).strip(b" ")


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376 section 3.4.4, for a body with CRLF line ends; touches only what it must."""
    body = _single_spaced(body).replace(b" \r\n", b"\r\n")
    if body.endswith(b"\r\n\r\n") or body == b"\r\n":
        body = body.rstrip(b"\r\n")
        return body + b"\r\n" if body else b""
    return body


def _single_spaced(text: bytes) -> bytes:
    text = text.replace(b"\t", b" ")
    while b"  " in text:  # halves every run: one of n spaces costs about 2n, whatever n is
        text = text.replace(b"  ", b" ")
    return text


def _private_key(pem: bytes) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("not an unencrypted private key in PEM form") from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("not an RSA key; DKIM needs one that every receiver can check")
    return key


def _split(content: bytes) -> tuple[bytes, bytes]:
    if content.startswith(b"\r\n"):
        return b"", content[2:]
    head, _, body = content.partition(b"\r\n\r\n")
    return head, body


def _fields(head: bytes) -> dict[bytes, list[bytes]]:
    """The relaxed values of the fields that matter by lower-case name, each in header order."""
    fields: dict[bytes, list[bytes]] = {name: [] for name in OVERSIGNED + SIGNED}
    for line in _UNFOLDED_LINE_END.split(head):
        name, _, value = line.partition(b":")
        found = fields.get(name.strip(b" \t").lower())
        if found is not None:
            found.append(relaxed_value(value))
    return fields


def _listed(fields: dict[bytes, list[bytes]]) -> list[bytes]:
    """What h= names, in its order."""
    oversigned = [name for name in OVERSIGNED for _ in range(len(fields[name]) + 1)]
    return oversigned + [name for name in SIGNED for _ in fields[name]]


def _chosen(fields: dict[bytes, list[bytes]], names: list[bytes]) -> bytes:
    """The canonical fields that h= names: of several with one name the last comes first."""
    left = {name: list(values) for name, values in fields.items()}
    taken = ((name, left[name].pop()) for name in names if left[name])
    return b"".join(b"%b:%b\r\n" % field for field in taken)
