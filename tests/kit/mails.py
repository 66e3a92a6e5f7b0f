"""Builders for what comes in: raw mail, DKIM signatures made to measure, and what rules see of it."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from dkim import canonicalization

from screening.addresses import Mailbox
from screening.authentication import Authentication, Result, Wish
from screening.case import Addressee, Case
from screening.dns import Lookup, Undecided
from screening.message import Envelope, Message

DOMAIN = "peers.example.test"
MASKED = f"peer-alex@{DOMAIN}"
CASEY = "casey@mailer.test"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

# --- raw mail ------------------------------------------------------------------------------


def raw_mail(*lines: str, body: str | bytes = "Hello Alex.\r\n", **fields: str | None) -> bytes:
    """A message over SMTP: `lines` on top, then the usual fields unless given (None: left out)."""
    usual: dict[str, str | None] = {
        "From": f"Casey Doe <{CASEY}>",
        "To": MASKED,
        "Subject": "hello",
        "Date": "Mon, 2 Mar 2026 12:00:00 +0000",
        "Message-ID": "<1@mailer.test>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    usual |= {name.replace("_", "-"): value for name, value in fields.items()}
    head = [*lines, *(f"{name}: {value}" for name, value in usual.items() if value is not None)]
    content = body if isinstance(body, bytes) else body.encode()
    return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + content


def parts_mail(*parts: bytes, kind: str = "multipart/mixed", **fields: str | None) -> bytes:
    """A multipart message; each part is its own header, an empty line and its body."""
    body = b"".join(b"--sep\r\n" + part + b"\r\n" for part in parts) + b"--sep--\r\n"
    return raw_mail(body=body, Content_Type=f"{kind}; boundary=sep", **fields)


# --- signatures ----------------------------------------------------------------------------

PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@functools.cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@functools.cache
def ed25519_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def key_record(key: PrivateKey | None = None, extra: str = "") -> str:
    """The TXT record of a key."""
    public = (key or rsa_key()).public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        content, kind = public.public_bytes(Encoding.Raw, PublicFormat.Raw), "ed25519"
    else:
        content = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        kind = "rsa"
    return f"v=DKIM1; k={kind}; {extra}p={base64.b64encode(content).decode()}"


def signed(
    raw: bytes,
    domain: str = "mailer.test",
    *,
    key: PrivateKey | None = None,
    selector: str = "s1",
    names: str = "from:to:subject:date:message-id",
    forms: str = "relaxed/relaxed",
    algorithm: str = "",
    length: int | None = None,
    tags: str = "",
) -> bytes:
    """The message with a DKIM signature on top, whether or not a careful signer would make it.

    Canonical forms come from dkimpy, so that ours are held against somebody else's.
    """
    key = key or rsa_key()
    edwards = isinstance(key, ed25519.Ed25519PrivateKey)
    algorithm = algorithm or ("ed25519-sha256" if edwards else "rsa-sha256")
    hasher = hashlib.sha1 if algorithm.endswith("sha1") else hashlib.sha256
    policy = canonicalization.CanonicalizationPolicy.from_c_value(forms.encode())
    head, _, body = raw.partition(b"\r\n\r\n")
    digest = hasher(policy.canonicalize_body(body)[:length]).digest()
    limit = "" if length is None else f" l={length};"
    value = f" v=1; a={algorithm}; c={forms}; d={domain}; s={selector}; h={names};{limit} {tags}"
    value += f" bh={base64.b64encode(digest).decode()}; b="
    own = (b"DKIM-Signature", value.encode())
    fields = [_pair(line) for line in head.replace(b"\r\n ", b"\0").split(b"\r\n")]
    canonical = policy.canonicalize_headers([*_chosen(fields, names), own])
    to_sign = b"".join(name + b":" + text for name, text in canonical).removesuffix(b"\r\n")
    if isinstance(key, ed25519.Ed25519PrivateKey):
        proof = key.sign(hasher(to_sign).digest())
    else:
        hashed = SHA1() if algorithm.endswith("sha1") else SHA256()
        proof = key.sign(to_sign, padding.PKCS1v15(), hashed)
    return b"DKIM-Signature:" + value.encode() + base64.b64encode(proof) + b"\r\n" + raw


def _chosen(fields: list[tuple[bytes, bytes]], names: str) -> list[tuple[bytes, bytes]]:
    """The fields that h= names, those of one name from the bottom."""
    left, chosen = list(fields), []
    for name in names.encode().lower().split(b":"):
        found = [number for number, field in enumerate(left) if field[0].lower() == name]
        if found:
            chosen.append(left.pop(found[-1]))
    return chosen


def _pair(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.replace(b"\0", b"\r\n ").partition(b":")
    return name, value + b"\r\n"


# --- DNS -----------------------------------------------------------------------------------

HOME = {
    ("s1._domainkey.mailer.test", "TXT"): None,  # filled in by `zone`
    ("mailer.test", "TXT"): ("v=spf1 ip4:192.0.2.20 -all",),
    ("_dmarc.mailer.test", "TXT"): ("v=DMARC1; p=reject",),
}


def zone(
    records: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    failing: frozenset[str] = frozenset(),
    asked: list[tuple[str, str]] | None = None,
) -> Lookup:
    """A look-up that knows mailer.test and these records; names in `failing` are undecided."""
    known: dict[tuple[str, str], tuple[str, ...]] = {
        key: value or (key_record(),) for key, value in HOME.items()
    }
    known |= records or {}

    def lookup(name: str, kind: str) -> tuple[str, ...]:
        if asked is not None:
            asked.append((name, kind))
        if name in failing:
            raise Undecided(name)
        return known.get((name, kind), ())

    return lookup


# --- what rules see ------------------------------------------------------------------------


def an_envelope(**parts: Any) -> Envelope:
    """Casey's own server, which SPF knows, writes to Alex."""
    return replace(Envelope(CASEY, (MASKED,), "mail.mailer.test", "192.0.2.20"), **parts)


def a_message(*headers: tuple[str, str], **parts: Any) -> Message:
    """A short question from Casey; `headers` stand for the usual ones of the same name."""
    given = {name.lower() for name, _ in headers}
    known = (("From", CASEY), ("To", MASKED), ("Subject", "partial indexes"))
    usual = tuple(field for field in known if field[0].lower() not in given)
    made = Message(Mailbox(CASEY, "Casey Doe"), (*headers, *usual), "How do you do it?\n")
    return replace(made, **parts)


def an_authentication(**parts: Any) -> Authentication:
    """Casey's domain vouches for the message, and would have it refused if it did not."""
    made = Authentication(CASEY, Result.PASS, True, (), Result.PASS, Wish.REJECT)
    return replace(made, **parts)


def a_case(*headers: tuple[str, str], **parts: Any) -> Case:
    """A first contact that no rule has anything against."""
    made = Case(
        message=a_message(*headers),
        envelope=an_envelope(),
        authentication=an_authentication(),
        addressee=Addressee("Alex", ("python",), MASKED),
        domain=DOMAIN,
    )
    return replace(made, **parts)
