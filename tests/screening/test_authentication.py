"""Who really sent it, all proofs together."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from mails import CASEY, NOW, an_envelope, raw_mail, signed, zone

from screening.authentication import Authentication, Result, Wish, authenticate
from screening.dns import Lookup
from screening.message import Envelope, read

EVIL = an_envelope(sender="boss@evil.test", helo="mail.evil.test", client="198.51.100.66")
KEY = "s1._domainkey.mailer.test"


def judged(
    raw: bytes, envelope: Envelope | None = None, lookup: Lookup | None = None, **more: Any
) -> Authentication:
    author = read(raw).author.address
    return authenticate(envelope or EVIL, raw, author, lookup or zone(), now=NOW, **more)


def test_a_signed_message_from_its_own_server_is_proven_twice() -> None:
    found = judged(signed(raw_mail()), an_envelope())
    assert (found.spf, found.spf_aligned, found.dmarc) == (Result.PASS, True, Result.PASS)
    assert found.proof is not None
    assert found.proof.domain == "mailer.test"
    assert (found.wish, found.authenticated, found.undecided) == (Wish.REJECT, True, False)


def test_a_replay_that_drops_one_of_two_signatures_is_still_known() -> None:
    once = signed(raw_mail())
    twice = signed(once, tags="i=@sub.mailer.test;")
    assert judged(once).fingerprints < judged(twice).fingerprints
    assert len(judged(twice).fingerprints) == 2


def test_a_broken_signature_is_not_worth_remembering() -> None:
    assert judged(signed(raw_mail()) + b"more").fingerprints == frozenset()


def test_either_proof_is_enough() -> None:
    assert judged(signed(raw_mail())).dmarc is Result.PASS
    assert judged(raw_mail(), an_envelope()).dmarc is Result.PASS


def test_no_proof_at_all_fails() -> None:
    found = judged(raw_mail())
    assert (found.dmarc, found.authenticated, found.undecided) == (Result.FAIL, False, False)


def test_proofs_of_another_domain_vouch_for_nobody() -> None:
    evil = {
        ("evil.test", "TXT"): ("v=spf1 +all",),
        ("s1._domainkey.evil.test", "TXT"): zone()(KEY, "TXT"),
    }
    found = judged(signed(raw_mail(), "evil.test"), EVIL, zone(evil))
    assert found.signatures[0].result is Result.PASS
    assert not found.signatures[0].aligned
    assert (found.spf, found.spf_aligned, found.proof) == (Result.NONE, False, None)
    assert (found.dmarc, found.authenticated) == (Result.FAIL, False)


@pytest.mark.parametrize("domain", ["ailer.test", "test", "mailer.test.evil.test", "xmailer.test"])
def test_domains_that_look_related_are_not_aligned(domain: str) -> None:
    known = {(f"s1._domainkey.{domain}", "TXT"): zone()(KEY, "TXT")}
    assert not judged(signed(raw_mail(), domain), EVIL, zone(known)).authenticated


def test_a_subdomain_vouches_unless_the_domain_is_strict() -> None:
    known = {
        ("s1._domainkey.sub.mailer.test", "TXT"): zone()(KEY, "TXT"),
        ("sub.mailer.test", "TXT"): ("v=spf1 ip4:192.0.2.20 -all",),
    }
    raw = signed(raw_mail(), "sub.mailer.test")
    from_sub = an_envelope(sender="casey@sub.mailer.test")
    assert judged(raw, from_sub, zone(known)).dmarc is Result.PASS
    strict = {("_dmarc.mailer.test", "TXT"): ("v=DMARC1; p=reject; adkim=s; aspf=s",)}
    assert judged(raw, from_sub, zone(known | strict)).dmarc is Result.FAIL


def test_proofs_count_where_no_dmarc_record_exists() -> None:
    bare: dict[tuple[str, str], tuple[str, ...]] = {("_dmarc.mailer.test", "TXT"): ()}
    proven, open_ = (
        judged(signed(raw_mail()), EVIL, zone(bare)),
        judged(raw_mail(), EVIL, zone(bare)),
    )
    assert (proven.dmarc, proven.wish, proven.authenticated) == (Result.NONE, Wish.ABSENT, True)
    assert (open_.dmarc, open_.authenticated, open_.undecided) == (Result.NONE, False, False)


def test_a_null_sender_is_vouched_for_by_its_helo_name() -> None:
    known = {("mail.mailer.test", "TXT"): ("v=spf1 ip4:192.0.2.20 -all",)}
    assert judged(raw_mail(), an_envelope(sender=""), zone(known)).spf_aligned
    assert not judged(raw_mail(), an_envelope(sender="", helo="mail.evil.test"), zone()).spf_aligned


@pytest.mark.parametrize(
    "failing", [{"_dmarc.mailer.test"}, {KEY}, {"mailer.test"}, {KEY, "mailer.test"}]
)
def test_silence_of_dns_is_neither_yes_nor_no_for_a_forgery(failing: set[str]) -> None:
    forged = signed(raw_mail(), "mailer.test")
    envelope = an_envelope(client="198.51.100.66")
    if KEY not in failing:  # then the forger's signature can be seen to be broken
        forged = forged.replace(b"Subject: hello", b"Subject: offer")
    found = judged(forged, envelope, zone(failing=frozenset(failing)))
    assert (found.authenticated, found.undecided) == (False, True)


def test_silence_of_dns_does_not_matter_where_another_proof_is_there() -> None:
    for failing in (KEY, "mailer.test"):
        found = judged(signed(raw_mail()), an_envelope(), zone(failing=frozenset({failing})))
        assert (found.authenticated, found.undecided, found.dmarc) == (True, False, Result.PASS)


def test_silence_about_a_domain_that_could_not_vouch_does_not_matter() -> None:
    raw = signed(raw_mail(), "evil.test")
    failing = frozenset({"evil.test", "s1._domainkey.evil.test"})
    found = judged(raw, EVIL, zone(failing=failing))
    assert (found.undecided, found.dmarc) == (False, Result.FAIL)


def test_while_the_record_is_unknown_only_the_same_domain_vouches() -> None:
    silent = frozenset({"_dmarc.mailer.test"})
    known = {("s1._domainkey.sub.mailer.test", "TXT"): zone()(KEY, "TXT")}
    same = judged(signed(raw_mail()), EVIL, zone(failing=silent))
    sub = judged(signed(raw_mail(), "sub.mailer.test"), EVIL, zone(known, silent))
    assert (same.authenticated, same.undecided) == (True, False)
    assert (sub.authenticated, sub.undecided) == (False, True)


def test_a_message_that_asks_too_much_stays_undecided() -> None:
    asked: list[tuple[str, str]] = []
    record = "v=spf1 " + " ".join(f"mx:m{n}.test" for n in range(10)) + " -all"
    known: dict[tuple[str, str], tuple[str, ...]] = {("mailer.test", "TXT"): (record,)}
    for n in range(10):
        known[f"m{n}.test", "MX"] = tuple(f"{k} h{n}-{k}.test" for k in range(10))
        known |= {(f"h{n}-{k}.test", "A"): ("203.0.113.1",) for k in range(10)}
    found = judged(raw_mail(), an_envelope(), zone(known, asked=asked))
    assert (found.spf, found.undecided) == (Result.TEMPERROR, True)
    assert len(asked) <= 40


@pytest.mark.parametrize("client", ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::7"])
def test_a_trusted_network_needs_no_proof_and_no_dns(client: str) -> None:
    asked: list[tuple[str, str]] = []
    networks = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/64"))
    found = judged(raw_mail(), an_envelope(client=client), zone(asked=asked), trusted=networks)
    assert (found.trusted, found.authenticated, asked) == (True, True, [])


@pytest.mark.parametrize("client", ["11.1.2.3", "not an address", "2001:db8:1::7"])
def test_no_other_network_is_trusted(client: str) -> None:
    networks = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/64"))
    found = judged(raw_mail(), an_envelope(client=client, sender=""), trusted=networks)
    assert (found.trusted, found.authenticated) == (False, False)


def test_the_author_is_compared_in_one_form() -> None:
    found = judged(raw_mail(From="Casey@MAILER.TEST"), an_envelope(sender="x@Mailer.Test"))
    assert (found.author, found.spf_aligned) == ("Casey@mailer.test", True)
    assert found.author != CASEY
