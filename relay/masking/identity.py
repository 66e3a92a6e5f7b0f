"""Identity: all by which one side of a conversation could be known, and where a text tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from itertools import chain

from relay.masking import finding, trail
from relay.masking import names as display_names
from relay.masking.finding import ALONE, KINDS, Span
from relay.masking.providers import CARRIERS, public

__all__ = ["ALONE", "KINDS", "Identity", "Span", "gather", "tells", "union"]

_MOST = 200  # entries of a kind
_SHORTEST_ID = 16  # characters of a Message-ID without a host


@dataclass(frozen=True, slots=True)
class Identity:
    """One party. `surnames` is what of their names is hidden where programs write them.

    `ours` is the relay's domain: its addresses are no trace of anybody, even if it lies in the
    party's own domain or has their name in it.
    """

    addresses: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    ips: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    ours: str = ""

    def __or__(self, other: Identity) -> Identity:
        return union(self, other)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains of the addresses that are no public provider's."""
        return _domains(self.addresses)

    def addresses_in(self, text: str) -> tuple[Span, ...]:
        """Where a decoded text holds one of the addresses, in whatever spelling. No two overlap."""
        return finding.apart(finding.addresses(self, text))

    def traces_in(self, text: str) -> tuple[Span, ...]:
        """The same for every kind: meant for what programs write, where no word is innocent."""
        return finding.apart(finding.everything(self, text))

    def everything_in(self, text: str) -> list[Span]:
        """Every span of every kind, in no order; they may overlap."""
        return finding.everything(self, text)


def union(*identities: Identity) -> Identity:
    """All that any of them knows; the order is kept, so that equal sets are equal values."""

    def all_of(column: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry for entries in column for entry in entries))

    return Identity(
        all_of(one.addresses for one in identities),
        all_of(one.hosts for one in identities),
        all_of(one.ips for one in identities),
        all_of(one.message_ids for one in identities),
        all_of(one.surnames for one in identities),
        next((one.ours for one in identities if one.ours), ""),
    )


def gather(
    raw: bytes,
    helo: str,
    client: str,
    known: Iterable[str],
    names: Iterable[str] = (),
    *,
    ours: str = "",
) -> Identity:
    """The author of a raw message: what its header and its session tell, and what was known.

    `known` are addresses seen earlier or registered, `names` display names of which surnames are
    hidden (pass none to hide none); `ours` is the relay's domain: what lies in it is nobody's.
    """
    seen = trail.trail(raw)

    def foreign(entries: Iterable[str]) -> tuple[str, ...]:
        kept = (one for one in entries if not (ours and _within(one.rpartition("@")[2], ours)))
        return _few(tuple(dict.fromkeys(kept)))

    hidden = [*names]
    # A copy to somebody of the author's own full name goes to another mailbox of theirs.
    full = {name.casefold() for name in (*hidden, *seen.names) if " " in name.strip()}
    mine = [address for name, address in seen.recipients if name.strip().casefold() in full]
    places = [(client, *seen.ips), (helo.strip("[]").lower(), *seen.hosts)]
    ips = dict.fromkeys(one for one in chain(*places) if _is_ip(one))
    hosts = (one for one in places[1] if one not in ips and tells(one))
    return Identity(
        foreign((*known, *seen.addresses, *mine)),
        foreign(hosts),
        _few(tuple(one for one in ips if one not in ("127.0.0.1", "::1"))),
        foreign(one for one in seen.message_ids if "@" in one or len(one) > _SHORTEST_ID),
        tuple(dict.fromkeys(word for name in hidden for word in display_names.surnames(name))),
        ours,
    )


def _few(entries: tuple[str, ...]) -> tuple[str, ...]:
    """No more than real mail has: what is nearest to us, and what is nearest to its author."""
    half = _MOST // 2
    return entries if len(entries) <= _MOST else (*entries[:half], *entries[-half:])


def _is_ip(text: str) -> bool:
    if ":" not in text and not text[-1:].isdigit():  # as most are, the name of a host
        return False
    try:
        return bool(ip_address(text.removeprefix("IPv6:")))
    except ValueError:
        return False


def tells(host: str) -> bool:
    """Whether the name of a host tells anything: a bare word (`laptop`) may be any word."""
    if "." not in host:
        return len(host) > 3 and not host.isalpha()
    return not public(host, CARRIERS)


def _within(host: str, domain: str) -> bool:
    host = host.strip("<>[] ").lower()
    return host == domain.lower() or host.endswith(f".{domain.lower()}")


@lru_cache(maxsize=4096)
def _domains(addresses: tuple[str, ...]) -> tuple[str, ...]:
    found = (address.rpartition("@")[2].lower().strip("<> ") for address in addresses)
    return tuple(dict.fromkeys(domain for domain in found if domain and not public(domain)))
