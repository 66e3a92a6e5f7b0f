"""Who really sent it: SPF (RFC 7208), DKIM (RFC 6376), DMARC alignment (RFC 7489)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """The results of RFC 8601 that we tell apart."""

    PASS = "pass"
    FAIL = "fail"
    NEUTRAL = "neutral"  # softfail and policy as well: no proof either way
    NONE = "none"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class Wish(StrEnum):
    """What the author's domain asks receivers to do with mail that fails DMARC."""

    ABSENT = "absent"  # no record
    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM signature. `fingerprint` names it for ever: a digest of its b= value."""

    domain: str
    selector: str
    result: Result
    signed: frozenset[str]  # lower-case names of the fields it covers
    fingerprint: str
    aligned: bool


@dataclass(frozen=True, slots=True)
class Authentication:
    """What is proven about the author's address of one message."""

    author: str  # the one From mailbox, domain in lower case and as A-labels
    spf: Result
    spf_aligned: bool  # SPF passed for a domain aligned with the author's
    signatures: tuple[Signature, ...] = ()
    dmarc: Result = Result.NONE
    wish: Wish = Wish.ABSENT
    trusted: bool = False  # came from a trusted network

    @property
    def proof(self) -> Signature | None:
        """The first aligned signature that passed."""
        return next((s for s in self.signatures if s.aligned and s.result is Result.PASS), None)

    @property
    def authenticated(self) -> bool:
        """The author's domain vouches for the message, with or without a DMARC record."""
        return self.trusted or self.spf_aligned or self.proof is not None

    @property
    def undecided(self) -> bool:
        """DNS did not answer, and the answer could change the decision."""
        return not self.authenticated and Result.TEMPERROR in (
            self.spf,
            self.dmarc,
            *(s.result for s in self.signatures),
        )
