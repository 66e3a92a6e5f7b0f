"""Is somebody after passwords, money, addresses or secrets?"""

from __future__ import annotations

from screening.case import Case, Finding
from screening.evidence import said

_KINDS = {
    "credential": "it wants an account, a password or a parcel confirmed",
    "payment": "it is about payments, prizes, inheritances or investments",
    "address": "it asks for addresses, numbers or names of colleagues",
    "internals": "it asks for internals, documents or safeguards",
    "secrecy": "it asks for secrecy or promises a reward",
}


def phishing(case: Case) -> tuple[Finding, ...]:
    """What fraud and spying ask for."""
    return said(case, _KINDS)
