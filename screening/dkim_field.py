"""What a DKIM-Signature field says (RFC 6376 section 3.5), checked for form only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from screening import canonical, keys
from screening.fields import Field

SLACK = timedelta(minutes=10)  # for signers whose clocks are ahead

_DOMAIN = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_SELECTOR = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_NUMBER = re.compile(r"[0-9]{1,12}")
_ALGORITHMS = frozenset({"rsa-sha256", "ed25519-sha256"})


@dataclass(frozen=True, slots=True)
class Claim:
    """One signature before its verification.

    `usable` ones could prove something: signed with a hash that still counts, over the whole body
    (whoever likes may append to what l= covers), neither expired nor from the future.
    """

    field: Field
    domain: str
    selector: str
    identity: str  # the domain of i=
    algorithm: str
    forms: tuple[str, str]  # canonical forms of header and body
    names: tuple[str, ...]  # of the signed fields, in lower case
    body_hash: bytes
    proof: bytes
    usable: bool


def read(field: Field, now: datetime, *, in_chain: bool = False) -> Claim | None:
    """The field's claim, or None if its form is so broken that it cannot count.

    `in_chain`: an ARC-Message-Signature (RFC 8617 section 4.1.2), which has no v=, and whose i= is
    the number of its link.
    """
    try:
        tags = keys.tags(field.value.decode("ascii"))
        if in_chain:
            tags = {name: value for name, value in tags.items() if name != "i"} | {"v": "1"}
        claim = _claim(field, tags, now)
    except (KeyError, ValueError):
        return None
    sound = (
        tags.get("v") == "1"
        and "dns/txt" in keys.unspaced(tags.get("q", "dns/txt")).split(":")
        and _DOMAIN.fullmatch(claim.domain)
        and _SELECTOR.fullmatch(claim.selector)
        and f".{claim.identity}".endswith(f".{claim.domain}")
        and claim.forms[0] in canonical.HEADER
        and claim.forms[1] in canonical.BODY
        and "from" in claim.names
        and claim.proof
    )
    return claim if sound else None


def _claim(field: Field, tags: dict[str, str], now: datetime) -> Claim:
    domain = keys.unspaced(tags["d"]).lower().rstrip(".")
    header_form, _, body_form = keys.unspaced(tags.get("c", "simple/simple")).partition("/")
    algorithm = keys.unspaced(tags["a"]).lower()
    return Claim(
        field=field,
        domain=domain,
        selector=keys.unspaced(tags["s"]),
        identity=keys.unspaced(tags.get("i", f"@{domain}")).rpartition("@")[2].lower(),
        algorithm=algorithm,
        forms=(header_form, body_form or "simple"),
        names=tuple(keys.unspaced(tags["h"]).lower().split(":")),
        body_hash=keys.decoded(tags["bh"]),
        proof=keys.decoded(tags["b"]),
        usable=algorithm in _ALGORITHMS and "l" not in tags and _timely(tags, now),
    )


def _timely(tags: dict[str, str], now: datetime) -> bool:
    """Whether it is neither expired nor from the future. Raises ValueError for odd times."""
    made, ends = (tags.get(name) for name in ("t", "x"))
    if any(stamp is not None and not _NUMBER.fullmatch(stamp) for stamp in (made, ends)):
        raise ValueError("is no time")
    if made is not None and int(made) > (now + SLACK).timestamp():
        return False
    if made is not None and ends is not None and int(ends) <= int(made):
        return False
    return ends is None or now.timestamp() <= int(ends)
