"""Identity: all by which one side of a conversation could be known, and where a text tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from relay.masking import disguise, search, spelling, trail
from relay.masking import names as display_names
from relay.masking.providers import CARRIERS, public
from relay.masking.squeezed import Squeezed

# Kinds of spans, what tells most first. The first four are hidden wherever they stand; the others
# only in what programs write, for a person may name a colleague or a site.
ALONE = ("address", "id", "machine", "ip")
KINDS = (*ALONE, "colleague", "name", "host", "surname")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a text, `text[start:end]`, and what is told there.

    `kind` is address, id (a Message-ID), machine (a host that mail went through), ip, colleague
    (another address at the party's own domain), name (the local part of an address), host (any in
    the party's domain) or surname; `value` is the entry of the identity that was found.
    """

    start: int
    end: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Identity:
    """One party. `surnames` is what of their names is hidden where programs write them."""

    addresses: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    ips: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()

    def __or__(self, other: Identity) -> Identity:
        return union(self, other)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains of the addresses that are no public provider's."""
        return _domains(self.addresses)

    def addresses_in(self, text: str) -> tuple[Span, ...]:
        """Where a decoded text holds one of the addresses, in whatever spelling. No two overlap."""
        return _apart(_addresses(self, _blocks(text)))

    def traces_in(self, text: str) -> tuple[Span, ...]:
        """The same for every kind: meant for what programs write, where no word is innocent."""
        return _apart(self.everything_in(text))

    def everything_in(self, text: str) -> list[Span]:
        """Every span of every kind, in no order; they may overlap."""
        blocks = list(_blocks(text))
        return [*_addresses(self, blocks), *_traces(self, blocks)]


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
        return tuple(dict.fromkeys(kept))

    hidden = [*names]
    hosts = (helo.strip("[]").lower(), *seen.hosts)
    return Identity(
        foreign((*known, *seen.addresses)),
        tuple(one for one in foreign(hosts) if len(one) > 3 and not public(one, CARRIERS)),
        tuple(dict.fromkeys(one for one in (client, *seen.ips) if one)),
        foreign(seen.message_ids),
        tuple(dict.fromkeys(word for name in hidden for word in display_names.surnames(name))),
    )


def _within(host: str, domain: str) -> bool:
    host = host.strip("<>[] ").lower()
    return host == domain.lower() or host.endswith(f".{domain.lower()}")


# --- where a text tells it -----------------------------------------------------------------

_BLOCK, _OVERLAP = 1 << 18, 1 << 11  # characters that are looked at together, for memory's sake


def _blocks(text: str) -> Iterator[tuple[int, Squeezed]]:
    if len(text) <= 2 * _BLOCK:
        yield 0, Squeezed(text)
        return
    for start in range(0, len(text), _BLOCK):
        yield start, Squeezed(text[start : start + _BLOCK + _OVERLAP])


def _addresses(identity: Identity, blocks: Iterable[tuple[int, Squeezed]]) -> Iterator[Span]:
    for offset, squeezed in blocks:
        for address in identity.addresses:
            wanted = spelling.forms(address)
            for start, end in search.mailbox(squeezed, wanted):
                yield Span(offset + start, offset + end, "address", address)
            for start, end in disguise.disguised(squeezed, wanted):
                yield Span(offset + start, offset + end, "address", address)


def _traces(identity: Identity, blocks: Iterable[tuple[int, Squeezed]]) -> Iterator[Span]:
    needles = _needles(identity)
    for offset, squeezed in blocks:
        for domain in identity.domains:
            for start, end, kind in search.domain(squeezed, domain):
                yield Span(offset + start, offset + end, kind, domain)
        for needle, kind, entry in needles:
            for start, end in search.word(squeezed, needle):
                yield Span(offset + start, offset + end, kind, entry)


@lru_cache(maxsize=256)
def _needles(identity: Identity) -> tuple[tuple[str, str, str], ...]:
    found = [(entry.strip("<>"), "id") for entry in identity.message_ids]
    found += [(entry, _kind(entry, identity.domains)) for entry in identity.hosts]
    found += [(entry, "ip") for entry in identity.ips]
    found += [(entry, "surname") for entry in identity.surnames]
    locals_ = (address.rpartition("@")[0].strip('"') for address in identity.addresses)
    found += [(entry, "name") for entry in locals_ if len(entry) > 6 or not entry.isalpha()]
    return tuple((Squeezed(entry).text, kind, entry) for entry, kind in dict(found).items())


def _kind(host: str, domains: tuple[str, ...]) -> str:
    """A machine has no name that a person would write for a site: three labels, and no www."""
    site = host in domains or host.count(".") == 1 or host.startswith("www.")
    return "host" if site else "machine"


def _apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Without overlaps: overlapping spans become one, of the kind that tells most."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
            continue
        last = kept[-1]
        told = min(last, span, key=lambda one: KINDS.index(one.kind))
        kept[-1] = Span(last.start, max(last.end, span.end), told.kind, told.value)
    return tuple(kept)


@lru_cache(maxsize=4096)
def _domains(addresses: tuple[str, ...]) -> tuple[str, ...]:
    found = (address.rpartition("@")[2].lower().strip("<> ") for address in addresses)
    return tuple(dict.fromkeys(domain for domain in found if domain and not public(domain)))
