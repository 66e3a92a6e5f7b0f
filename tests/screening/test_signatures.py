"""DKIM: which signatures vouch for a message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import dkim
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from mails import NOW, ed25519_key, key_record, raw_mail, rsa_key, signed, zone
from weak import weak_key

from screening import fields, signatures
from screening.dns import Lookup
from screening.signatures import Result, Signature

BODY = "Hello  Alex,\r\n\tthis is it. \r\n\r\n\r\n"


def verified(
    raw: bytes, lookup: Lookup | None = None, now: datetime = NOW
) -> tuple[Signature, ...]:
    own: Callable[[str], bool] = lambda domain: domain.endswith("mailer.test")  # noqa: E731
    top, body = fields.split(raw)
    return signatures.verify(signatures.Signed(top, raw[body:]), own, lookup or zone(), now)


def results(raw: bytes, lookup: Lookup | None = None) -> list[Result]:
    return [signature.result for signature in verified(raw, lookup)]


@pytest.mark.parametrize(
    "forms", ["simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"]
)
@pytest.mark.parametrize("body", [BODY, "", "\r\n", "no end"])
def test_an_honest_signature_passes_in_every_form(forms: str, body: str) -> None:
    if body == "no end" and forms.endswith("simple"):
        body += "\r\n"
    raw = signed(raw_mail("X-Fold: a\r\n  b", body=body), forms=forms, names="from:x-fold:subject")
    assert results(raw) == [Result.PASS]


def test_an_ed25519_signature_passes() -> None:
    lookup = zone({("s1._domainkey.mailer.test", "TXT"): (key_record(ed25519_key()),)})
    assert results(signed(raw_mail(), key=ed25519_key()), lookup) == [Result.PASS]


def test_what_dkimpy_signs_passes() -> None:
    pem = rsa_key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    raw = raw_mail(body=BODY)
    proof = dkim.sign(raw, b"s1", b"mailer.test", pem, canonicalize=(b"relaxed", b"simple"))
    (found,) = verified(proof + raw, now=datetime.now(UTC))
    assert found.result is Result.PASS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Hello", b"Hallo"),
        (b"Subject: hello", b"Subject: offer"),
        (b"From: Casey Doe", b"From: Someone"),
        (b"To: peer-alex", b"To: peer-sam"),
    ],
)
def test_a_message_that_was_changed_fails(old: bytes, new: bytes) -> None:
    raw = signed(raw_mail(body=BODY))
    assert results(raw) == [Result.PASS]
    assert results(raw.replace(old, new)) == [Result.FAIL]


def test_text_after_the_signed_text_fails() -> None:
    assert results(signed(raw_mail(body=BODY)) + b"more\r\n") == [Result.FAIL]


@pytest.mark.parametrize("length", [0, 5, 10_000])
def test_a_signature_over_a_part_of_the_body_proves_nothing(length: int) -> None:
    assert results(signed(raw_mail(body=BODY), length=length)) == [Result.NEUTRAL]


def test_sha1_proves_nothing() -> None:
    assert results(signed(raw_mail(), algorithm="rsa-sha1")) == [Result.NEUTRAL]


def test_a_signature_that_does_not_cover_from_does_not_count() -> None:
    assert results(signed(raw_mail(), names="to:subject:date")) == []


def test_an_expired_signature_proves_nothing_and_one_that_is_still_good_does() -> None:
    past, later = (int((NOW + timedelta(seconds=by)).timestamp()) for by in (-60, 60))
    assert results(signed(raw_mail(), tags=f"x={past};")) == [Result.NEUTRAL]
    assert results(signed(raw_mail(), tags=f"x={later};")) == [Result.PASS]


def test_a_signature_from_the_future_proves_nothing_but_clocks_may_differ() -> None:
    soon, far = (int((NOW + timedelta(minutes=by)).timestamp()) for by in (5, 60))
    assert results(signed(raw_mail(), tags=f"t={soon};")) == [Result.PASS]
    assert results(signed(raw_mail(), tags=f"t={far};")) == [Result.NEUTRAL]


def test_a_signature_that_expires_before_it_is_made_proves_nothing() -> None:
    now = int(NOW.timestamp())
    assert results(signed(raw_mail(), tags=f"t={now}; x={now};")) == [Result.NEUTRAL]


@pytest.mark.parametrize(
    ("record", "result"),
    [
        (key_record(extra="t=y; "), Result.NEUTRAL),
        ("v=DKIM1; p=", Result.PERMERROR),
        ("v=spf1 -all", Result.PERMERROR),
        (key_record(rsa_key(1024)), Result.FAIL),
        (key_record(ed25519_key()), Result.FAIL),
    ],
    # The keys are drawn anew in each process, and every process must name its tests alike.
    ids=["testing", "revoked", "no key", "another key", "another kind"],
)
def test_the_key_decides(record: str, result: Result) -> None:
    lookup = zone({("s1._domainkey.mailer.test", "TXT"): (record,)})
    assert results(signed(raw_mail()), lookup) == [result]


@pytest.mark.parametrize(
    ("bits", "result"),
    [
        (512, Result.PERMERROR),
        (768, Result.PERMERROR),
        (1016, Result.PERMERROR),
        (1024, Result.PASS),
    ],
)
def test_a_short_key_proves_nothing_though_its_signature_is_right(
    bits: int, result: Result
) -> None:
    key = weak_key(bits)
    lookup = zone({("s1._domainkey.mailer.test", "TXT"): (key.record(),)})
    raw = signed(raw_mail(), key=key)  # type: ignore[arg-type]
    assert results(raw, lookup) == [result]


def test_a_missing_key_is_an_error_of_the_signer_and_a_dead_server_decides_nothing() -> None:
    name = "s1._domainkey.mailer.test"
    assert results(signed(raw_mail()), zone({(name, "TXT"): ()})) == [Result.PERMERROR]
    assert results(signed(raw_mail()), zone(failing=frozenset({name}))) == [Result.TEMPERROR]


def test_other_texts_beside_the_key_do_not_matter() -> None:
    lookup = zone({("s1._domainkey.mailer.test", "TXT"): ("hello", key_record())})
    assert results(signed(raw_mail()), lookup) == [Result.PASS]


def test_a_strict_key_vouches_for_no_subdomain() -> None:
    strict = zone({("s1._domainkey.mailer.test", "TXT"): (key_record(extra="t=s; "),)})
    sub = signed(raw_mail(), tags="i=@sub.mailer.test;")
    assert results(sub) == [Result.PASS]
    assert results(sub, strict) == [Result.PERMERROR]
    assert results(signed(raw_mail(), tags="i=casey@mailer.test;"), strict) == [Result.PASS]


def test_an_identity_outside_the_domain_does_not_count() -> None:
    assert results(signed(raw_mail(), tags="i=@evil.test;")) == []


@pytest.mark.parametrize("broken", ["v=2", "no tags", "v=1; v=1", "v=1; d=mailer.test", ";=;", ""])
def test_a_broken_signature_does_not_count_and_does_not_hurt_the_next(broken: str) -> None:
    good = signed(raw_mail())
    assert results(f"DKIM-Signature: {broken}\r\n".encode() + good) == [Result.PASS]


def test_aligned_signatures_are_looked_at_first_and_only_a_few_at_all() -> None:
    asked: list[tuple[str, str]] = []
    raw = signed(raw_mail())
    for number in range(20):
        raw = signed(raw, domain=f"evil{number}.test")
    found = verified(raw, zone(asked=asked))
    assert found[0].aligned
    assert found[0].result is Result.PASS
    assert (len(found), len(asked)) == (5, 5)


def test_every_aligned_signature_can_be_remembered_even_if_it_is_not_verified() -> None:
    raw = raw_mail()
    for number in range(8):
        raw = signed(raw, tags=f"i=@{number}.mailer.test;")
    found = verified(raw)
    assert [one.result for one in found] == [Result.PASS] * 5 + [Result.NEUTRAL] * 3
    assert len({one.fingerprint for one in found}) == 8


def test_the_fingerprint_is_of_the_proof_and_not_of_how_it_is_written() -> None:
    raw = signed(raw_mail())
    start = raw.index(b" b=") + 3
    folded = raw[: start + 20] + b"\r\n " + raw[start + 20 :]
    (one,), (other,) = verified(raw), verified(folded)
    assert (one.result, other.result) == (Result.PASS, Result.PASS)
    assert one.fingerprint == other.fingerprint
    assert one.signed == {"from", "to", "subject", "date", "message-id"}


def test_fields_of_one_name_are_taken_from_the_bottom() -> None:
    raw = signed(raw_mail("Comments: upper", "Comments: lower"), names="from:comments")
    assert results(raw.replace(b"upper", b"other")) == [Result.PASS]
    assert results(raw.replace(b"lower", b"other")) == [Result.FAIL]


def test_a_field_that_is_signed_as_absent_may_not_be_added() -> None:
    raw = signed(raw_mail(), names="from:cc")
    assert results(raw) == [Result.PASS]
    assert results(b"Cc: victim@other.test\r\n" + raw) == [Result.FAIL]
