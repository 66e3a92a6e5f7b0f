"""Builders for outgoing mail: letters, a DKIM key."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from relay.delivery.outcome import Letter
from screening.dns import Lookup, Undecided

LETTER = Letter(
    sender="bounce+abc@peers.example.test",
    recipient="alex@corp.example.test",
    content=b"From: peer@peers.example.test\r\nSubject: hello\r\n\r\nHi.\r\n",
)


def a_letter(**parts: Any) -> Letter:
    return replace(LETTER, **parts)


@functools.cache
def rsa_pem(number: int = 1) -> bytes:
    """A key; another one for each number."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def records(zone: dict[str, str]) -> Lookup:
    """A look-up in `{"corp.test MX": "10 a.test, 20 b.test"}`; the answer "?" is Undecided."""

    def lookup(name: str, kind: str) -> tuple[str, ...]:
        answers = zone.get(f"{name} {kind}", "")
        if answers == "?":
            raise Undecided("?")
        return tuple(answers.split(", ")) if answers else ()

    return lookup
