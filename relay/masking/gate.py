"""The residual gate: a masked message, decoded once more by other code and searched again.

Nothing of the masking code is used but the identity itself, so that a fault there does not hide
here. Every layer has a bound, in depth and in bytes; what lies beyond is reported, not passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from relay.masking import opening
from relay.masking.identity import Identity
from relay.masking.opening import Layer, Place

_IN_STRUCTURE = frozenset(("address", "colleague", "host", "ip", "id", "name"))
_ANYWHERE = frozenset(("address", "id"))


@dataclass(frozen=True, slots=True, order=True)
class Residue:
    """Something of the author that still shows: where (words of ours), and of which kind."""

    where: str
    kind: str


def residual(
    content: bytes, hidden: Identity, secrets: Iterable[str], typed: Iterable[str] = ()
) -> tuple[Residue, ...]:
    """What a masked message still tells; empty if it may go.

    `secrets` are tokens and addresses in our domain that its reader must not see. `typed` are the
    author's addresses that may stand in text, because their author wants them to.
    """
    unwanted = tuple(secret.lower() for secret in secrets if secret)
    allowed = frozenset(typed)
    found: dict[Residue, None] = {}
    for layer in opening.layers(content):
        for kind in _told(layer, hidden, unwanted, allowed):
            found[Residue(layer.where, kind)] = None
    return tuple(sorted(found))


def _told(
    layer: Layer, hidden: Identity, secrets: tuple[str, ...], allowed: frozenset[str]
) -> Iterator[str]:
    lowered = layer.text.lower()
    if any(secret in lowered for secret in secrets):
        yield "token"
    if layer.place is Place.BEYOND:
        yield "unread"
    elif layer.place is Place.STRUCTURE:
        kinds = (span.kind for span in hidden.everything_in(layer.text))
        yield from (kind for kind in kinds if kind in _IN_STRUCTURE)
    else:
        for span in hidden.addresses_in(layer.text):
            if not (layer.place is Place.TEXT and span.value in allowed):
                yield "address"
