"""DMARC records: whose wish counts."""

from __future__ import annotations

import pytest
from mails import zone

from screening.dns import Undecided
from screening.domain_policy import Policy, Wish, find


def wish(domain: str, **records: str) -> Policy:
    known = {(f"_dmarc.{name.replace('_', '.')}", "TXT"): (text,) for name, text in records.items()}
    return find(domain, zone(known))


@pytest.mark.parametrize(
    ("record", "policy"),
    [
        ("v=DMARC1; p=reject", Policy(Wish.REJECT)),
        ("v=DMARC1;p=quarantine; pct=0", Policy(Wish.QUARANTINE)),
        ("v=DMARC1; p=none; adkim=s; aspf=s", Policy(Wish.NONE, True, True)),
        ("v=DMARC1; p=REJECT; aspf=r; adkim=S;", Policy(Wish.REJECT, True, False)),
        ("v = DMARC1 ; p = reject ; fo=1 ; unknown=x", Policy(Wish.REJECT)),
        ("v=DMARC1; p=reject; adkim=x; pct=many", Policy(Wish.REJECT)),
        ("v=DMARC1", Policy()),
        ("v=DMARC1; p=maybe", Policy()),
        ("v=DMARC1; rua=mailto:x@x.test", Policy()),
        ("v=DMARC1; garbage; p=reject", Policy()),
        ("v=DMARC2; p=reject", Policy()),
        ("v=spf1 -all", Policy()),
        ("", Policy()),
    ],
)
def test_a_record_says_what_its_domain_wishes(record: str, policy: Policy) -> None:
    assert wish("example.test", example_test=record) == policy


def test_a_subdomain_has_its_own_wish_or_that_of_its_organisation() -> None:
    top = "v=DMARC1; p=none; sp=reject; adkim=s"
    assert wish("sub.example.test", example_test=top) == Policy(Wish.REJECT, True)
    assert wish("example.test", example_test=top) == Policy(Wish.NONE, True)
    own = {"example_test": top, "sub_example_test": "v=DMARC1; p=quarantine; sp=none"}
    assert wish("sub.example.test", **own) == Policy(Wish.QUARANTINE)
    assert wish("sub.example.test", example_test="v=DMARC1; p=reject") == Policy(Wish.REJECT)


def test_a_neighbour_under_a_public_suffix_has_no_say() -> None:
    assert wish("victim.eu.org", eu_org="v=DMARC1; p=none") == Policy()


def test_two_records_are_no_record() -> None:
    both = {
        ("_dmarc.sub.example.test", "TXT"): ("v=DMARC1; p=reject", "v=DMARC1; p=none"),
        ("_dmarc.example.test", "TXT"): ("v=DMARC1; p=reject",),
    }
    assert find("sub.example.test", zone(both)) == Policy()


def test_other_texts_beside_the_record_do_not_matter() -> None:
    both = {("_dmarc.example.test", "TXT"): ("hello", "v=DMARC1; p=reject", "v=DMARC12")}
    assert find("example.test", zone(both)) == Policy(Wish.REJECT)


def test_silence_of_dns_is_no_missing_record() -> None:
    with pytest.raises(Undecided):
        find("example.test", zone(failing=frozenset({"_dmarc.example.test"})))
