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
_LONG, _MANY = 1000, 1000  # characters of a text, texts
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
    for some in _together(opening.layers(content)):
        # One look at many is cheaper than one at each, and nearly always finds nothing.
        if len(some) == 1 or look.suspects(some):
            found |= {
                Residue(layer.where, kind): None for layer in some for kind in look.told(layer)
            }
    return tuple(sorted(found))


def _together(layers: Iterable[Layer]) -> Iterator[list[Layer]]:
    """Short texts that are read alike together, and each long one by itself.

    A coding in a short text must not have a long one beside it read once more.
    """
    short: dict[bool, list[Layer]] = {True: [], False: []}
    for layer in layers:
        if len(layer.text) > _LONG or layer.place is Place.BEYOND:
            yield [layer]
            continue
        short[layer.coded].append(layer)
        if len(short[layer.coded]) == _MANY:
            yield short[layer.coded]
            short[layer.coded] = []
    yield from filter(None, short.values())


@dataclass(frozen=True, slots=True)
class _Look:
    """What is looked for."""

    hidden: Identity
    secrets: tuple[str, ...]
    allowed: frozenset[str]
    where: frozenset[Place]  # they are allowed

    def suspects(self, layers: list[Layer]) -> bool:
        """Whether any of some short texts that are read alike tells anything of any kind."""
        text = BETWEEN.join(layer.text for layer in layers)
        if layers[0].coded:
            text = BETWEEN.join(readings.of_text(text))
        return self._token_in(text) or bool(self.hidden.everything_in(text))

    def told(self, layer: Layer) -> Iterator[str]:
        """The kinds of what a text tells in any reading."""
        if layer.place is Place.BEYOND:
            yield "unread"
        kinds = _IN_STRUCTURE if layer.place is Place.STRUCTURE else _IN_PROSE
        for text in readings.of_text(layer.text) if layer.coded else (layer.text,):
            if self._token_in(text):
                yield "token"
            for span in self.hidden.everything_in(text):
                typed = layer.place in self.where and span.value in self.allowed
                if span.kind in kinds and not typed:
                    yield span.kind

    def _token_in(self, text: str) -> bool:
        lowered = text.lower() if self.secrets else ""
        return any(secret in lowered for secret in self.secrets)
