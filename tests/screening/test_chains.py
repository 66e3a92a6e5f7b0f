"""ARC chains, held against dkimpy's reading of them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from dkim.canonicalization import Relaxed
from mails import CASEY, NOW, a_case, an_envelope, key_record, raw_mail, rsa_key, zone

from screening.authentication import Authentication, Result, authenticate
from screening.case import Disposition
from screening.rules.authenticity import authenticity

LIST, HOME = "lists.test", "uni.test"
PASSED = "dmarc=pass (p=reject) header.from=mailer.test"
RECORDS: dict[tuple[str, str], tuple[str, ...]] = {
    (f"s1._domainkey.{domain}", "TXT"): (key_record(),) for domain in (LIST, HOME, "evil.test")
}
ELSEWHERE = an_envelope(sender="bounces@lists.test", helo="mx.lists.test", client="198.51.100.66")


def proof(*fields: bytes) -> str:
    """The signature over these fields, whose last one ends in b=."""
    pairs = [(name, value) for name, _, value in (field.partition(b":") for field in fields)]
    lines = [name + b":" + value for name, value in Relaxed.canonicalize_headers(pairs)]
    to_sign = b"\r\n".join(line.removesuffix(b"\r\n") for line in lines)
    return base64.b64encode(rsa_key().sign(to_sign, padding.PKCS1v15(), SHA256())).decode()


def forwarded(raw: bytes, domain: str = LIST, results: str = PASSED, cv: str = "") -> bytes:
    """The message with one more link of a chain on top."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    number = sum(line.startswith(b"ARC-Seal:") for line in lines) + 1
    digest = base64.b64encode(hashlib.sha256(Relaxed.canonicalize_body(body)).digest()).decode()
    said = f"ARC-Authentication-Results: i={number}; mx.{domain}; spf=fail; {results}".encode()
    own = f"ARC-Message-Signature: i={number}; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s1;"
    own += f" h=from:subject; bh={digest}; b="
    chosen = [line for name in (b"From:", b"Subject:") for line in lines if line.startswith(name)]
    signature = own.encode() + proof(*chosen, own.encode()).encode()
    before = [line for line in reversed(lines) if line.startswith(b"ARC-")]
    chain = cv or ("none" if number == 1 else "pass")
    seal = f"ARC-Seal: i={number}; a=rsa-sha256; cv={chain}; d={domain}; s=s1; b=".encode()
    seal += proof(*before, said, signature, seal).encode()
    return b"\r\n".join([seal, signature, said, raw])


def judged(raw: bytes, *sealers: str, **more: Any) -> Authentication:
    lookup = zone(RECORDS, **more)
    return authenticate(ELSEWHERE, raw, CASEY, lookup, now=NOW, sealers=sealers)


def dkimpys_view(raw: bytes) -> bytes:
    def dns(name: bytes, timeout: int = 5) -> bytes:
        return RECORDS[name.decode().rstrip("."), "TXT"][0].encode()

    return bytes(dkim.arc_verify(raw, dnsfunc=dns)[0])


ONE = forwarded(raw_mail())
TWO = forwarded(ONE, HOME, "arc=pass; dmarc=fail header.from=mailer.test")


@pytest.mark.parametrize("raw", [ONE, TWO])
def test_a_chain_of_named_sealers_lets_a_candidates_mail_in(raw: bytes) -> None:
    assert dkimpys_view(raw) == b"pass"
    found = judged(raw, LIST, HOME)
    assert (found.sealed, found.authenticated, found.dmarc) == (True, False, Result.FAIL)
    assert authenticity(a_case(authentication=found)) is None


def test_it_proves_nothing_for_an_ambassador() -> None:
    case = a_case(authentication=judged(ONE, LIST), from_ambassador=True)
    finding = authenticity(case)
    assert finding is not None
    assert finding.disposition is Disposition.REJECT


@pytest.mark.parametrize("sealers", [(), (HOME,), ("ists.test",)])
def test_a_sealer_that_nobody_named_can_say_what_it_likes(sealers: tuple[str, ...]) -> None:
    assert not judged(ONE, *sealers).sealed


def test_every_link_has_to_be_named() -> None:
    assert not judged(TWO, HOME).sealed
    assert not judged(forwarded(forwarded(raw_mail(), "evil.test"), HOME), HOME).sealed


@pytest.mark.parametrize(
    "raw",
    [
        ONE.replace(b"Subject: hello", b"Subject: buy"),
        ONE + b"more\r\n",
        ONE.replace(b"spf=fail", b"spf=pass"),
        TWO.replace(b"arc=pass", b"arc=fail"),
        forwarded(raw_mail(), cv="pass"),
        forwarded(ONE, HOME, cv="none"),
    ],
)
def test_a_chain_that_was_changed_is_broken(raw: bytes) -> None:
    assert dkimpys_view(raw) != b"pass"
    assert not judged(raw, LIST, HOME).sealed


@pytest.mark.parametrize(
    "results",
    [
        "dmarc=fail header.from=mailer.test",
        "dmarc=pass header.from=evil.test",
        "x=y (dmarc=pass header.from=mailer.test)",
        "dmarc=none",
    ],
)
def test_what_did_not_pass_where_the_chain_begins_does_not_pass_here(results: str) -> None:
    assert not judged(forwarded(raw_mail(), results=results), LIST).sealed


@pytest.mark.parametrize(
    "raw",
    [
        ONE.replace(b"i=1; mx", b"i=2; mx"),
        ONE.replace(b"ARC-Seal", b"X-Seal"),
        b"ARC-Seal: i=1; b=\r\n" + ONE,
        b"ARC-Seal: nonsense\r\n" + ONE,
        raw_mail("ARC-Seal: i=1", "ARC-Message-Signature: i=1", "ARC-Authentication-Results: i=1"),
    ],
)
def test_a_chain_with_a_missing_or_a_second_part_is_none(raw: bytes) -> None:
    assert not judged(raw, LIST).sealed


def test_silence_of_dns_about_a_sealer_is_no_refusal() -> None:
    found = judged(ONE, LIST, failing=frozenset({f"s1._domainkey.{LIST}"}))
    assert (found.dmarc, found.sealed) == (Result.TEMPERROR, False)


def test_a_chain_is_not_looked_at_where_it_is_not_needed() -> None:
    asked: list[tuple[str, str]] = []
    lookup = zone(RECORDS, asked=asked)
    found = authenticate(an_envelope(), ONE, CASEY, lookup, now=NOW, sealers=(LIST,))
    assert (found.dmarc, found.sealed) == (Result.PASS, False)
    assert not any(LIST in name for name, _ in asked)
