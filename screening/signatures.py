"""DKIM signatures (RFC 6376, 8301, 8463): which domains vouch for the message as it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from screening import canonical, dkim_field, keys
from screening.dkim_field import Claim
from screening.dns import Lookup, Undecided
from screening.fields import Field

MOST = 5  # that are verified; looking at more would let one message cost thousands of look-ups
_PARSED = 50

PROOF = re.compile(rb"((?:^|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")


class Result(StrEnum):
    """The results of RFC 8601 that we tell apart."""

    PASS = "pass"
    FAIL = "fail"
    NEUTRAL = "neutral"  # softfail and policy as well: no proof either way
    NONE = "none"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM signature. `fingerprint` names it for ever: a digest of its b= value."""

    domain: str
    selector: str
    result: Result
    signed: frozenset[str]  # lower-case names of the fields it covers
    fingerprint: str
    aligned: bool


@dataclass(slots=True)
class Signed:
    """A message under verification; one body hash for each canonical form, however many sign it."""

    fields: Sequence[Field]
    body: bytes
    _hashes: dict[str, bytes] = field(default_factory=dict)

    def body_hash(self, form: str) -> bytes:
        if form not in self._hashes:
            self._hashes[form] = hashlib.sha256(canonical.BODY[form](self.body)).digest()
        return self._hashes[form]

    def header(self, claim: Claim) -> bytes:
        """What b= was computed over (section 3.7): fields of one name are taken from the bottom."""
        form = canonical.HEADER[claim.forms[0]]
        left: dict[str, list[bytes]] = {}
        for one in self.fields:
            left.setdefault(one.name, []).append(one.raw)
        chosen = [form(left[name].pop()) for name in claim.names if left.get(name)]
        name, _, value = claim.field.raw.partition(b":")
        own = form(name + b":" + PROOF.sub(rb"\1", value, count=1))
        return b"\r\n".join([*chosen, own])


def verify(
    message: Signed, aligned: Callable[[str], bool], lookup: Lookup, now: datetime
) -> tuple[Signature, ...]:
    """The message's signatures, those of domains that are `aligned` with the author's first.

    At most MOST are verified. What is left unverified but aligned is NEUTRAL and listed too, so
    that whoever remembers fingerprints can remember all that a replay could be cut down to.
    """
    written = [one for one in message.fields if one.name == "dkim-signature"][:_PARSED]
    claims = [claim for one in written if (claim := dkim_field.read(one, now)) is not None]
    claims.sort(key=lambda claim: not aligned(claim.domain))
    found = []
    for number, claim in enumerate(claims):
        own = aligned(claim.domain)
        if number >= MOST and not own:
            break
        result = verified(claim, message, lookup) if number < MOST else Result.NEUTRAL
        print_ = hashlib.sha256(claim.proof).hexdigest()
        found.append(
            Signature(claim.domain, claim.selector, result, frozenset(claim.names), print_, own)
        )
    return tuple(found)


def verified(claim: Claim, message: Signed, lookup: Lookup) -> Result:
    """Whether one signature holds. Only PASS proves something."""
    if not claim.usable:
        return Result.NEUTRAL  # it may verify, but proves nothing
    if claim.body_hash != message.body_hash(claim.forms[1]):
        return Result.FAIL
    key = key_of(claim.selector, claim.domain, lookup)
    if isinstance(key, Result):
        return key
    if key.exact and claim.identity != claim.domain:
        return Result.PERMERROR
    if not key.verifies(claim.algorithm, claim.proof, message.header(claim)):
        return Result.FAIL
    return Result.NEUTRAL if key.testing else Result.PASS


def key_of(selector: str, domain: str, lookup: Lookup) -> keys.Key | Result:
    """The key that a domain publishes under that selector, or why there is none."""
    try:
        records = lookup(f"{selector}._domainkey.{domain}", "TXT")
        held = [text for text in records if "p=" in text]
        return keys.read(held[0]) if len(held) == 1 else Result.PERMERROR
    except Undecided:
        return Result.TEMPERROR
    except keys.Unusable:
        return Result.PERMERROR
