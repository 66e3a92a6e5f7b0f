"""Which addresses look like an employer's."""

from __future__ import annotations

import pytest
from mails import an_authentication, zone

from relay.intake.employer import seems_employer
from screening.addresses import Mailbox
from screening.authentication import Result, Wish
from screening.dns import Lookup

OWN = zone({("bigbank.test", "MX"): ("10 mx1.bigbank.test",)})


def at(domain: str, host: str = "") -> Lookup:
    return zone({(domain, "MX"): (f"10 {host or f'mx.{domain}'}",)})


def seems(address: str, name: str = "Dana Keller", lookup: Lookup | None = None) -> bool:
    domain = address.rpartition("@")[2]
    return seems_employer(Mailbox(address, name), an_authentication(), lookup or at(domain))


@pytest.mark.parametrize(
    "address", ["dana.keller@bigbank.test", "d@it.bigbank.test", "dk@northline-rail.test"]
)
def test_a_companys_domain_does(address: str) -> None:
    assert seems(address)


@pytest.mark.parametrize(
    "address",
    [
        "dana@gmail.com",
        "dana@web.de",
        "dana@mailnook.test",
        "dana@keller.test",
        "dana@dana-keller.test",
        "hello@danakeller.test",
        "dana@cs.stanford.edu",
        "dana@uni-bonn.test",
    ],
)
def test_a_provider_a_school_and_an_own_domain_do_not(address: str) -> None:
    assert not seems(address)


def test_a_domain_without_mail_exchangers_or_at_a_personal_host_does_not() -> None:
    assert not seems("dana@bigbank.test", lookup=zone())
    assert not seems("dana@bigbank.test", lookup=at("bigbank.test", "in1.messagingengine.com."))
    assert not seems("dana@bigbank.test", lookup=zone(failing=frozenset({"bigbank.test"})))


def test_nothing_is_said_of_what_is_not_proven_or_has_no_policy() -> None:
    author = Mailbox("dana@bigbank.test", "Dana")
    unproven = an_authentication(spf=Result.FAIL, spf_aligned=False)
    assert not seems_employer(author, unproven, OWN)
    assert not seems_employer(author, an_authentication(wish=Wish.ABSENT), OWN)
    assert seems_employer(author, an_authentication(), OWN)
