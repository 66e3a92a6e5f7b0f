"""The residual gate: a masked message, decoded once more by other code and searched again.

Nothing of the masking code is used but the identity itself, so that a fault there does not hide
here. Every layer has a bound, in depth and in bytes; what lies beyond is reported, not passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from relay.masking import opening, readings
from relay.masking.addresses import secret
from relay.masking.identity import ALONE, KINDS, Identity
from relay.masking.opening import Layer, Place
from relay.masking.readings import BETWEEN

_IN_STRUCTURE = frozenset(KINDS) - {"surname"}
_LONG = 1000  # characters
_IN_PROSE = frozenset(ALONE)


@dataclass(frozen=True, slots=True, order=True)
class Residue:
    """Something of the author that still shows: where (words of ours), and of which kind."""

    where: str
    kind: str


def residual(
    content: bytes,
    hidden: Identity,
    secrets: Iterable[str],
    typed: Iterable[str] = (),
    *,
    in_files: bool = False,
) -> tuple[Residue, ...]:
    """What a masked message still tells; empty if it may go.

    `secrets` are tokens and addresses in our domain that its reader must not see. `typed` are the
    author's addresses that may stand in text (and with `in_files` in files), because their author
    wants them to.
    """
    words = tuple(dict.fromkeys(map(secret, filter(None, secrets))))  # without what is around them
    open_ = frozenset((Place.TEXT, Place.FILE) if in_files else (Place.TEXT,))
    look = _Look(hidden, words, frozenset(typed), open_)
    found: dict[Residue, None] = {}
    grouped: dict[tuple[Place, bool, bool], list[Layer]] = {}
    for layer in opening.layers(content):
        # A coding in a short text must not have a long one beside it read once more.
        kind = (layer.place, layer.coded, len(layer.text) > _LONG)
        grouped.setdefault(kind, []).append(layer)
    for (place, coded, _), layers in grouped.items():
        # One look at all of them is cheaper than one at each, and nearly always finds nothing.
        if any(look.told(place, BETWEEN.join(layer.text for layer in layers), coded)):
            found |= {
                Residue(layer.where, kind): None
                for layer in layers
                for kind in look.told(place, layer.text, coded)
            }
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class _Look:
    """What is looked for."""

    hidden: Identity
    secrets: tuple[str, ...]
    allowed: frozenset[str]
    where: frozenset[Place]  # they are allowed

    def told(self, place: Place, text: str, coded: bool) -> Iterator[str]:
        """The kinds of what a text tells in any reading."""
        text = BETWEEN.join(readings.of_text(text)) if coded else text
        lowered = text.lower()
        if any(secret in lowered for secret in self.secrets):
            yield "token"
        if place is Place.BEYOND:
            yield "unread"
            return
        kinds = _IN_STRUCTURE if place is Place.STRUCTURE else _IN_PROSE
        for span in self.hidden.everything_in(text):
            typed = place in self.where and span.value in self.allowed
            if span.kind in kinds and not typed:
                yield span.kind
