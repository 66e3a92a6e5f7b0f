"""What must be hidden in a text, through every layer of it, and what stands there instead."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from relay.masking import finding, runs, search, views
from relay.masking.addresses import secret
from relay.masking.identity import ALONE, KINDS, Span
from relay.masking.squeezed import Squeezed
from relay.masking.values import Eyes

# What is hidden wherever it stands; all other kinds only where programs write.
TYPED = frozenset((*ALONE, "swapped", "token"))
EVERY = TYPED | frozenset(KINDS)
# In a file name a person wrote the surname, and perhaps a program the rest.
NAMED = EVERY - {"surname"}
_RANK = {kind: rank for rank, kind in enumerate(("swapped", "token", *KINDS))}
_OWN = frozenset(("swapped", "address"))
_Find = Callable[[str], Iterable[Span]]


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Something to hide at text[start:end], and in which layer it was found ("" is the text)."""

    start: int
    end: int
    span: Span
    layer: str


@dataclass(frozen=True)
class Cloak:
    """What this reader must not see, and what they see instead."""

    view: Eyes

    def hits(self, text: str) -> tuple[Hit, ...]:
        """All that a text tells, in order and without overlaps."""
        return _apart(_deep(text, self._all_in))

    def suspects(self, text: str) -> bool:
        """Whether a text tells anything."""
        return next(_deep(text, self._all_in), None) is not None

    def hidden(
        self, text: str, *, kinds: frozenset[str] = TYPED, instead: str | None = None
    ) -> str:
        """The text with all of these kinds replaced, by `instead` or as the reader sees it."""
        hits = _apart(hit for hit in _deep(text, self._all_in) if hit.span.kind in kinds)
        if instead is not None:
            return replaced(text, [(hit.start, hit.end, instead) for hit in hits])
        return self.without(text, hits)

    def without(self, text: str, hits: Iterable[Hit]) -> str:
        """The text with these hits replaced."""
        return replaced(text, [(hit.start, hit.end, self.instead(hit)) for hit in hits])

    def instead(self, hit: Hit) -> str:
        """What the reader sees in the place of a hit; nothing where there is nothing to say."""
        kind, value = hit.span.kind, hit.span.value
        if kind == "address":
            shown = self.view.author.address
        elif kind == "swapped":
            shown = self.view.swapped[value]
        elif kind == "token":
            shown = self.view.swapped[value].partition("@")[0]
        elif kind == "name":
            shown = self.view.author.name or self.view.author.address.partition("@")[0]
        else:
            shown = "[…]" if kind in ("machine", "ip") else ""
        return quote(shown, safe="@.-_") if hit.layer == "percent" else shown

    def _all_in(self, text: str) -> list[Span]:
        found: list[Span] = []
        for offset, block in finding.blocks(text):
            found += finding.everything_at(self.view.hidden, offset, block)
            found += self._swapped_at(offset, block)
        return found

    def _swapped_at(self, offset: int, block: Squeezed) -> Iterator[Span]:
        """Masks, as they are: in them tags and dots mean much."""
        for address, token in self._tokens:
            if token not in block.text:
                continue
            whole = address.lower()
            for needle, kind in ((whole, "swapped"), (whole.partition("@")[0], "token")):
                for start, end in search.word(block, needle):
                    yield Span(offset + start, offset + end, kind, address)
            for start, end in search.anywhere(block, token):
                yield Span(offset + start, offset + end, "token", address)

    @cached_property
    def _tokens(self) -> tuple[tuple[str, str], ...]:
        return tuple((address, secret(address)) for address in self.view.swapped)


def replaced(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """The text with each text[start:end] replaced; edits are in order and do not overlap."""
    parts, at = [], 0
    for start, end, instead in edits:
        parts += [text[at:start], instead]
        at = end
    return "".join([*parts, text[at:]])


def _deep(text: str, find: _Find, *, coded: bool = True) -> Iterator[Hit]:
    for reading in views.readings(text) if coded else views.quickly(text):
        for span in find(reading.text):
            yield Hit(*reading.origin(span.start, span.end), span, reading.name)
    told: list[int] = []  # where runs begin that tell something
    for meaning in runs.meanings(text) if coded else ():
        inner = sorted(told)
        for hit in _deep(meaning.text, find, coded=False):
            start, end = meaning.place(hit.start)
            # The narrowest run that tells is what is meant; those come first.
            nearest = bisect_left(inner, start)
            if nearest == len(inner) or inner[nearest] >= end:
                told.append(start)
                yield Hit(start, end, hit.span, "run")


def _apart(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Without overlaps: overlapping hits become one, an address if one of them is."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
            continue
        last = kept[-1]
        told = min(last, hit, key=lambda one: _RANK[one.span.kind])
        # A weaker kind reaches as far back as it may; an address begins where it does.
        start = told.start if told.span.kind in _OWN else last.start
        kept[-1] = Hit(start, max(last.end, hit.end), told.span, told.layer)
    return tuple(kept)
