"""DKIM keys as DNS holds them (RFC 6376 section 3.6.1, RFC 8463), and what they prove."""

from __future__ import annotations

import base64
import binascii
import functools
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import load_der_public_key

SHORTEST, LONGEST = 1024, 4096  # bits of an RSA key (RFC 8301 section 3.2)

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_BLANKS = re.compile(r"[ \t\r\n]+")


class Unusable(ValueError):
    """A record that holds no key which could prove anything now; the text says why."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with the limits that its owner set."""

    public: RSAPublicKey | Ed25519PublicKey
    testing: bool  # t=y: failing or not, its signatures count as absent
    exact: bool  # t=s: i= may not name a subdomain

    def verifies(self, algorithm: str, signature: bytes, signed: bytes) -> bool:
        """Whether this key made that signature, with an algorithm that fits the key."""
        try:
            if algorithm == "rsa-sha256" and isinstance(self.public, RSAPublicKey):
                self.public.verify(signature, signed, PKCS1v15(), SHA256())
                return True
            if algorithm == "ed25519-sha256" and isinstance(self.public, Ed25519PublicKey):
                digest = Hash(SHA256())
                digest.update(signed)
                self.public.verify(signature, digest.finalize())
                return True
        except InvalidSignature:
            return False
        return False


def tags(text: str) -> dict[str, str]:
    """A tag list (RFC 6376 section 3.2). Raises ValueError if it is none or names a tag twice."""
    found: dict[str, str] = {}
    for piece in text.split(";"):
        if not piece.strip():
            continue
        name, given, value = piece.partition("=")
        name = name.strip()
        if not (given and _NAME.fullmatch(name)) or name in found:
            raise ValueError("is no tag list")
        found[name] = value.strip()
    return found


def unspaced(text: str) -> str:
    """A value without the blanks and folds that may stand anywhere in it."""
    return _BLANKS.sub("", text)


def decoded(text: str) -> bytes:
    """Base64 with blanks in it. Raises ValueError."""
    try:
        return base64.b64decode(unspaced(text), validate=True)
    except binascii.Error as error:
        raise ValueError("is no base64") from error


@functools.lru_cache(maxsize=2048)
def read(record: str) -> Key:
    """The key in a TXT record. Raises Unusable."""
    try:
        found = tags(record)
        content = decoded(found.get("p", ""))
    except ValueError as error:
        raise Unusable("the key record cannot be read") from error
    flags = unspaced(found.get("t", "")).split(":")
    services = unspaced(found.get("s", "*")).split(":")
    if found.get("v", "DKIM1") != "DKIM1" or not {"*", "email"} & set(services):
        raise Unusable("the record is no key for mail")
    if not content:
        raise Unusable("the key is revoked")
    if "sha256" not in unspaced(found.get("h", "sha256")).split(":"):
        raise Unusable("the key is for hashes that prove nothing")
    return Key(_public(found.get("k", "rsa"), content), "y" in flags, "s" in flags)


def _public(kind: str, content: bytes) -> RSAPublicKey | Ed25519PublicKey:
    try:
        if kind == "ed25519":
            return Ed25519PublicKey.from_public_bytes(content)
        public = load_der_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unusable("the key cannot be read") from error
    if kind != "rsa" or not isinstance(public, RSAPublicKey):
        raise Unusable("the key is of an unknown kind")
    if not SHORTEST <= public.key_size <= LONGEST:
        raise Unusable(f"the key has {public.key_size} bits")
    return public
