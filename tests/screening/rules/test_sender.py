"""What the author's domain says."""

from __future__ import annotations

import pytest
from mails import a_case, an_authentication

from screening.case import Disposition, Finding
from screening.rules.sender import disposable, lookalike
from screening.screen import screen


def alike(domain: str, *company: str) -> Finding | None:
    proof = an_authentication(author=f"casey@{domain}")
    return lookalike(a_case(authentication=proof, domain="peers.acmecorp.com", company=company))


@pytest.mark.parametrize(
    "domain",
    [
        *("acmecorp.net", "acmecorp.co.uk", "hr.acmecorp.org"),
        *("acmecorp-hr.com", "my-acmecorp.com", "acmec0rp.com", "acrnecorp.com"),
        *("acmecorrp.com", "acmecrop.com", "acmecor.com", "acmecarp.com"),
        "аcmecorp.com".encode("idna").decode(),  # a Cyrillic letter
    ],
)
def test_a_domain_that_imitates_the_companys_is_held(domain: str) -> None:
    finding = alike(domain)
    assert finding is not None
    assert finding.disposition is Disposition.HOLD


@pytest.mark.parametrize(
    "domain",
    [
        *("acmecorp.com", "mail.acmecorp.com", "acme.com", "corp.net", "mailer.test"),
        *("acmecorporation.com", "pacmecorps.org", "gmail.com", "peers.com"),
    ],
)
def test_the_company_itself_and_others_are_no_imitation(domain: str) -> None:
    assert alike(domain) is None


def test_the_domain_of_an_ambassadors_mailbox_is_the_companys_too() -> None:
    assert alike("initech-hr.com") is None
    assert alike("initech-hr.com", "initech.com") is not None
    assert alike("initech.com", "initech.com") is None


def test_a_short_name_inside_another_word_is_chance() -> None:
    assert alike("big-ibm.com", "ibm.com") is None
    assert alike("data-tools.com", "data.com") is not None


@pytest.mark.parametrize(
    ("domain", "known"),
    [("mailinator.com", True), ("x.mailinator.com", True), ("gmail.com", False)],
)
def test_an_address_to_be_thrown_away_is_evidence_and_no_more(domain: str, known: bool) -> None:
    case = a_case(authentication=an_authentication(author=f"casey@{domain}"))
    finding = disposable(case)
    assert (finding is not None) is known
    if finding is not None:
        assert finding.disposition is Disposition.ACCEPT
        assert screen(case).score < screen(a_case()).score
