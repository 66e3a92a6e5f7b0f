"""Nobody speaks for a domain, or for an ambassador, without its proof."""

from __future__ import annotations

from typing import Any

import pytest
from mails import DOMAIN, MASKED, a_case, an_authentication, an_envelope

from config.settings import Policy
from screening.authentication import Authentication, Result, Wish
from screening.case import Disposition
from screening.rules.authenticity import authenticity


def unproven(wish: Wish = Wish.REJECT, **parts: Any) -> Authentication:
    dmarc = Result.NONE if wish is Wish.ABSENT else Result.FAIL
    return an_authentication(spf=Result.FAIL, spf_aligned=False, dmarc=dmarc, wish=wish, **parts)


UNDECIDED = an_authentication(spf=Result.TEMPERROR, spf_aligned=False, dmarc=Result.TEMPERROR)


def decided(**parts: Any) -> Disposition:
    finding = authenticity(a_case(**parts))
    return finding.disposition if finding else Disposition.ACCEPT


def test_a_proven_sender_is_welcome() -> None:
    assert authenticity(a_case()) is None


@pytest.mark.parametrize(
    ("wish", "disposition"),
    [
        (Wish.REJECT, Disposition.REJECT),
        (Wish.QUARANTINE, Disposition.HOLD),
        (Wish.NONE, Disposition.ACCEPT),
        (Wish.ABSENT, Disposition.ACCEPT),
    ],
)
def test_what_a_domain_does_not_vouch_for_is_treated_as_it_wishes(
    wish: Wish, disposition: Disposition
) -> None:
    assert decided(authentication=unproven(wish)) is disposition


def test_policy_open_refuses_what_others_would_hold_since_it_holds_nothing() -> None:
    forged = unproven(Wish.QUARANTINE)
    assert decided(authentication=forged, policy=Policy.OPEN) is Disposition.REJECT


def test_a_missing_proof_counts_as_evidence_where_the_domain_only_watches() -> None:
    finding = authenticity(a_case(authentication=unproven(Wish.NONE)))
    assert finding is not None
    assert finding.weight > 0


def test_the_company_may_do_without_proofs_of_candidates() -> None:
    assert decided(authentication=unproven(), require_auth=False) is Disposition.ACCEPT


def test_silence_of_dns_defers_a_candidate_whose_domain_may_ask_for_refusal() -> None:
    assert decided(authentication=UNDECIDED) is Disposition.DEFER
    assert decided(authentication=UNDECIDED, require_auth=False) is Disposition.ACCEPT


def test_silence_about_spf_does_not_matter_where_the_domain_has_no_wish() -> None:
    no_record = an_authentication(
        spf=Result.TEMPERROR, spf_aligned=False, dmarc=Result.NONE, wish=Wish.ABSENT
    )
    assert decided(authentication=no_record) is Disposition.ACCEPT
    assert decided(authentication=no_record, from_ambassador=True) is Disposition.DEFER


@pytest.mark.parametrize("wish", Wish)
@pytest.mark.parametrize("require_auth", [True, False])
def test_an_ambassador_is_believed_only_with_proof(wish: Wish, require_auth: bool) -> None:
    forged = {"from_ambassador": True, "require_auth": require_auth}
    assert decided(authentication=unproven(wish), **forged) is Disposition.REJECT
    assert decided(from_ambassador=True) is Disposition.ACCEPT
    assert decided(authentication=unproven(trusted=True), **forged) is Disposition.ACCEPT


@pytest.mark.parametrize(
    "address", [MASKED, f"desk@{DOMAIN}", f"x@{DOMAIN.upper()}", f"x@{DOMAIN}."]
)
def test_an_address_of_the_relay_writes_to_nobody(address: str) -> None:
    assert decided(authentication=an_authentication(author=address)) is Disposition.REJECT
    assert decided(envelope=an_envelope(sender=address)) is Disposition.REJECT


def test_a_neighbour_of_the_relay_is_somebody_else() -> None:
    assert decided(envelope=an_envelope(sender=f"x@mail.{DOMAIN}")) is Disposition.ACCEPT
    assert decided(envelope=an_envelope(sender="")) is Disposition.ACCEPT
