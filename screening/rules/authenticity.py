"""Is it from whom it says? Nobody speaks for a domain, or for an ambassador, without its proof."""

from __future__ import annotations

from config.settings import Policy
from screening import addresses
from screening.authentication import Result, Wish
from screening.case import Case, Disposition, Finding

RULE = "authenticity"


def authenticity(case: Case) -> Finding | None:
    """The sender's domain does not vouch for the message."""
    if _own(case.authentication.author, case.domain) or _own(case.envelope.sender, case.domain):
        return Finding(RULE, Disposition.REJECT, "no mail comes from an address of this relay")
    return _ambassador(case) if case.from_ambassador else _candidate(case)


def _ambassador(case: Case) -> Finding | None:
    proven = case.authentication
    if proven.authenticated:
        return None
    if proven.undecided:
        return _undecided()
    return Finding(RULE, Disposition.REJECT, "nothing proves that it is from the address in From")


def _candidate(case: Case) -> Finding | None:
    proven = case.authentication
    if not case.require_auth or proven.authenticated or proven.sealed:
        return None
    if proven.dmarc is Result.TEMPERROR:
        return _undecided()
    if proven.dmarc is not Result.FAIL:
        return None
    if proven.wish is Wish.NONE:
        reason = "the sender's domain does not vouch for it, but does not ask to refuse it either"
        return Finding(RULE, Disposition.ACCEPT, reason, weight=1.0)
    # Policy open holds nothing, and a forgery is no doubt that it could forgive.
    held = proven.wish is Wish.QUARANTINE and case.policy is not Policy.OPEN
    reason = "the sender's domain says that mail like this is not from there (DMARC)"
    return Finding(RULE, Disposition.HOLD if held else Disposition.REJECT, reason)


def _undecided() -> Finding:
    reason = "DNS does not say at the moment whether the sender is genuine; please try again later"
    return Finding(RULE, Disposition.DEFER, reason)


def _own(address: str, domain: str) -> bool:
    host = address.rpartition("@")[2]
    try:
        return bool(host and domain) and addresses.ascii_domain(host) == domain.lower()
    except ValueError:
        return False
