"""DMARC records (RFC 7489 section 6.6.3): what the author's domain wishes, and how it aligns."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from enum import StrEnum

import dmarc

from screening.dns import Lookup
from screening.domains import organisational


class Wish(StrEnum):
    """What the author's domain asks receivers to do with mail that fails DMARC."""

    ABSENT = "absent"  # no record
    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Policy:
    """A domain's wish, and whether only the very same domain may vouch for it."""

    wish: Wish = Wish.ABSENT
    strict_dkim: bool = False
    strict_spf: bool = False


def find(domain: str, lookup: Lookup) -> Policy:
    """The policy for mail from that domain: its own, else its organisational domain's.

    `pct` is not looked at: a domain that tests on a part of its mail means what it says. Raises
    dns.Undecided.
    """
    for holder in dict.fromkeys((domain, organisational(domain))):
        records = [text for text in lookup(f"_dmarc.{holder}", "TXT") if _is_record(text)]
        if records:
            return _policy(records[0], holder != domain) if len(records) == 1 else Policy()
    return Policy()


def _is_record(text: str) -> bool:
    return "".join(text.partition(";")[0].split()) == "v=DMARC1"


@functools.lru_cache(maxsize=2048)
def _policy(record: str, inherited: bool) -> Policy:
    parsed = dmarc.Policy("DMARC1", "")
    try:
        parsed.parse_record(record, strict=False)
    except dmarc.Error:
        return Policy()  # without a usable p=, nothing is asked for
    wish = (inherited and parsed.sp.value) or parsed.p.value
    strict = dmarc.DMARCAlignment.STRICT
    return Policy(Wish(wish), parsed.adkim is strict, parsed.aspf is strict)
