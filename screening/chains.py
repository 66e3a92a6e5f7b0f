"""ARC (RFC 8617): what a forwarder whom the company trusts says of the mail as it first came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from screening import canonical, dkim_field, keys
from screening.dns import Lookup
from screening.domains import organisational
from screening.fields import Field
from screening.signatures import PROOF, Result, Signed, key_of, verified

MOST = 5  # links of a chain; each costs a look-up

_PARTS = ("arc-authentication-results", "arc-message-signature", "arc-seal")
_NUMBER = re.compile(rb"(?:^|;)[ \t\r\n]*i[ \t\r\n]*=[ \t\r\n]*([0-9]{1,2})[ \t\r\n]*(?:;|$)")
_COMMENT = re.compile(r"\([^()]*\)")
_PASSED = re.compile(r"\s*dmarc\s*=\s*pass\b.*?\bheader\.from\s*=\s*([\w.-]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Link:
    results: Field
    signature: Field
    seal: Field
    tags: dict[str, str]  # of the seal


def vouched(
    message: Signed,
    domain: str,
    sealers: Sequence[str],
    lookup: Lookup,
    now: datetime,
) -> Result:
    """Whether an unbroken chain says that the author's domain passed DMARC where it began.

    Every link must be sealed by one of the `sealers`: whoever seals can say what they like. NONE
    where there is no such chain.
    """
    chain = _chain(message.fields)
    if not sealers or not chain or not _named(chain, sealers):
        return Result.NONE
    if _first_saw(chain[0].results) != domain:
        return Result.NONE
    claim = dkim_field.read(chain[-1].signature, now, in_chain=True)
    if claim is None or any(name.startswith("arc-") for name in claim.names):
        return Result.FAIL
    result = verified(claim, message, lookup)
    for number in range(len(chain), 0, -1):
        if result is not Result.PASS:
            break
        result = _sealed(chain[:number], lookup)
    return result


def _chain(fields: Sequence[Field]) -> tuple[_Link, ...]:
    """The links in order; none if one is missing or there twice, or if the chain is too long."""
    found: dict[tuple[str, int], Field] = {}
    for field in fields:
        if field.name in _PARTS:
            numbered = _NUMBER.search(field.value)
            key = field.name, int(numbered[1]) if numbered else 0
            if key in found or len(found) >= len(_PARTS) * MOST:
                return ()
            found[key] = field
    length = len(found) // len(_PARTS)
    wanted = {(name, number) for name in _PARTS for number in range(1, length + 1)}
    if found.keys() != wanted:
        return ()
    try:
        return tuple(
            _link(*(found[name, number] for name in _PARTS)) for number in range(1, length + 1)
        )
    except ValueError:
        return ()


def _link(results: Field, signature: Field, seal: Field) -> _Link:
    return _Link(results, signature, seal, keys.tags(seal.value.decode("ascii")))


def _named(chain: Sequence[_Link], sealers: Sequence[str]) -> bool:
    known = {organisational(one) for one in sealers}
    domains = (keys.unspaced(link.tags.get("d", "")).lower() for link in chain)
    return all(domain and organisational(domain) in known for domain in domains)


def _first_saw(results: Field) -> str:
    """The domain whose mail passed DMARC, as the first link wrote down."""
    try:
        text = _COMMENT.sub(" ", results.value.decode("ascii").lower())
    except UnicodeDecodeError:
        return ""
    said = (_PASSED.match(one) for one in text.split(";"))
    return next((one[1].rstrip(".") for one in said if one), "")


def _sealed(chain: Sequence[_Link], lookup: Lookup) -> Result:
    """Whether the newest seal of these holds (section 5.1.1)."""
    tags = chain[-1].tags
    if keys.unspaced(tags.get("cv", "")).lower() != ("none" if len(chain) == 1 else "pass"):
        return Result.FAIL
    try:
        proof = keys.decoded(tags["b"])
        names = [keys.unspaced(tags[name]) for name in ("a", "s", "d")]
    except (KeyError, ValueError):
        return Result.FAIL
    key = key_of(names[1], names[2].lower(), lookup)
    if isinstance(key, Result):
        return key
    parts = [part for link in chain for part in (link.results, link.signature, link.seal)]
    signed = [canonical.relaxed_header(part.raw) for part in parts[:-1]]
    name, _, value = parts[-1].raw.partition(b":")
    signed.append(canonical.relaxed_header(name + b":" + PROOF.sub(rb"\1", value, count=1)))
    holds = key.verifies(names[0].lower(), proof, b"\r\n".join(signed))
    return Result.PASS if holds and not key.testing else Result.FAIL
