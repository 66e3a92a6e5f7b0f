"""Where a text tells who or where somebody is: every address, and every weaker trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from relay.masking import disguise, search, spelling
from relay.masking.spelling import Forms
from relay.masking.squeezed import Squeezed, squeezed

if TYPE_CHECKING:  # the identity finds itself in a text by what stands here
    from relay.masking.identity import Identity

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


def apart(spans: Iterable[Span]) -> tuple[Span, ...]:
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


def addresses(identity: Identity, text: str) -> list[Span]:
    """Every address, in any spelling; spans may overlap."""
    signs = _sought(identity).address_signs
    return [
        span
        for offset, block in blocks(text)
        if signs.in_(block.text)
        for span in _addresses(identity, block, offset)
    ]


def everything(identity: Identity, text: str) -> list[Span]:
    """Addresses and traces of every kind; spans may overlap."""
    return [span for place in blocks(text) for span in everything_at(identity, *place)]


def everything_at(identity: Identity, offset: int, block: Squeezed) -> list[Span]:
    """The same in one of the `blocks` of a text."""
    if not _sought(identity).signs.in_(block.text):
        return []
    traces = [*_traces(identity, block, offset)]
    if traces and identity.ours:
        ours = [*_ours(identity, block, offset)]
        traces = [span for span in traces if not _lies_in(span, ours)]
    return [*_addresses(identity, block, offset), *traces]


def _ours(identity: Identity, squeezed: Squeezed, offset: int) -> Iterator[tuple[int, int]]:
    """Where addresses and hosts of the relay's domain stand."""
    for start, end, _ in search.domain(squeezed, identity.ours):
        yield offset + start, offset + end


# Domains that exist in no public DNS (RFC 6762, RFC 8375, and what routers make up).
_PRIVATE = frozenset(("local", "lan", "home", "internal", "localdomain", "intranet", "arpa"))
_BLOCK, _OVERLAP = 1 << 18, 1 << 11  # characters that are looked at together, for memory's sake


def blocks(text: str) -> Iterator[tuple[int, Squeezed]]:
    """A text in pieces that are looked at together, and where each begins; nearly always one."""
    if len(text) <= 2 * _BLOCK:
        yield 0, Squeezed(text)
        return
    for start in range(0, len(text), _BLOCK):
        yield start, Squeezed(text[start : start + _BLOCK + _OVERLAP])


@dataclass(frozen=True, slots=True)
class Signs:
    """What a squeezed text has if it tells anything: one of the words, or both of a pair."""

    words: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]

    def in_(self, text: str) -> bool:
        """Whether a text has such a sign."""
        for word in self.words:
            if word in text:
                return True
        return any(one in text and two in text for one, two in self.pairs)


@dataclass(frozen=True, slots=True)
class _Sought:
    """What is looked for, made ready once for all texts."""

    addresses: tuple[tuple[str, Forms], ...]
    needles: tuple[tuple[str, str, str], ...]
    address_signs: Signs
    signs: Signs


@lru_cache(maxsize=256)
def _sought(identity: Identity) -> _Sought:
    boxes = tuple((address, spelling.forms(address)) for address in identity.addresses)
    needles = _needles(identity)
    domains = {form for _, wanted in boxes for form in wanted.domains}
    pairs = {pair for _, wanted in boxes for pair in disguise.signs(wanted)}
    words = {form for name in identity.domains for form in spelling.domain_forms(name)}
    words |= {needle for needle, _, _ in needles}
    return _Sought(boxes, needles, _signs(domains, pairs), _signs(domains | words, pairs))


def _signs(words: Iterable[str], pairs: Iterable[tuple[str, str]]) -> Signs:
    """The same with as few words as say as much: none that holds another."""
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(one in word for one in kept):
            kept.append(word)
    return Signs(tuple(kept), tuple(pairs))


def _addresses(identity: Identity, block: Squeezed, offset: int) -> Iterator[Span]:
    for address, wanted in _sought(identity).addresses:
        for start, end in search.mailbox(block, wanted):
            yield Span(offset + start, offset + end, "address", address)
        for start, end in disguise.disguised(block, wanted):
            yield Span(offset + start, offset + end, "address", address)


def _traces(identity: Identity, block: Squeezed, offset: int) -> Iterator[Span]:
    for domain in identity.domains:
        for start, end, kind in search.domain(block, domain):
            yield Span(offset + start, offset + end, kind, domain)
    for needle, kind, entry in _sought(identity).needles:
        for start, end in search.word(block, needle):
            yield Span(offset + start, offset + end, kind, entry)


def _needles(identity: Identity) -> tuple[tuple[str, str, str], ...]:
    found = [(entry.strip("<>"), "id") for entry in identity.message_ids]
    found += [(entry, _kind(entry, identity.domains)) for entry in identity.hosts]
    found += [(entry, "ip") for entry in identity.ips]
    found += [(entry, "surname") for entry in identity.surnames]
    locals_ = (address.rpartition("@")[0].strip('"') for address in identity.addresses)
    found += [(entry, "name") for entry in locals_ if _is_name(entry, identity.surnames)]
    needles = ((squeezed(entry), kind, entry) for entry, kind in dict(found).items())
    return tuple(one for one in needles if one[0])


def _is_name(local: str, surnames: tuple[str, ...]) -> bool:
    """Whether a local part tells by itself; `alexandra` does not, for the first name is shown."""
    if not local.isalpha():
        return len(local) > 4
    return any(len(one) > 2 and one.lower() in local.lower() for one in surnames)


def _kind(host: str, domains: tuple[str, ...]) -> str:
    """A machine has a name that no person would write for a site."""
    if host.rpartition(".")[2] in _PRIVATE:
        return "machine"
    return "host" if host in domains or host.count(".") < 2 or host[:4] == "www." else "machine"


def _lies_in(span: Span, ours: Iterable[tuple[int, int]]) -> bool:
    """Whether a weak trace is but a part of one of our addresses."""
    if span.kind in ("address", "id", "ip"):
        return False
    return any(start <= span.start and span.end <= end for start, end in ours)
