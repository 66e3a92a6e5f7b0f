"""Business cards (RFC 6350, vCard 2.1): the author's own loses what leads past the mask."""

from __future__ import annotations

import binascii
from dataclasses import replace

from relay.masking.identity import Identity
from relay.masking.scrub import traces
from relay.masking.scrub.coded import readings
from relay.masking.scrub.contentlines import ContentLine, edited, spoken, written
from relay.masking.scrub.inside import Inside

# What one may know of somebody whom one meets: no address, company, site, place, picture or key.
_KEPT = frozenset(
    """BEGIN END VERSION KIND FN N NICKNAME TITLE ROLE NOTE TEL LANG GENDER BDAY ANNIVERSARY
    EXPERTISE HOBBY INTEREST CATEGORIES""".split()  # noqa: SIM905
)
_NAMES = frozenset(("FN", "N", "NICKNAME"))
_NO_NAME = "A peer"


def vcard(content: bytes, inside: Inside) -> bytes:
    """The author's card with little more than names, titles, telephone numbers and notes.

    Surnames go as the identity says. A card that tells nothing of the author is somebody else's,
    and keeps its bytes.
    """
    cards = _Cards(inside.identity)
    edited(content, cards.look)
    cleaned = edited(content, cards.clean) if any(cards.own) else content
    traces.refuse_traces(cleaned, inside.identity)
    return cleaned


class _Cards:
    """The cards of one file, looked at and then cleaned."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.own = [False]  # whether each card is the author's; the first stands before all
        self.number = 0

    def look(self, line: ContentLine) -> ContentLine:
        if line.name == "BEGIN":
            self.own.append(False)
        self.own[-1] = self.own[-1] or self._tells(_decoded(line))
        return line

    def clean(self, line: ContentLine) -> ContentLine | None:
        self.number += line.name == "BEGIN"
        if not self.own[self.number]:
            return line
        if line.name not in _KEPT:
            return None
        text = _decoded(line)
        shown = self._without_traces(text, names=line.name in _NAMES)
        if shown == text and not any(self._tells(value) for _, value in line.parameters):
            return line
        if line.name == "FN" and not shown.strip():
            shown = _NO_NAME
        value = ";".join(map(written, shown.split(";"))) if line.name == "N" else written(shown)
        return replace(line, parameters=(), value=value, raw="")

    def _tells(self, text: str) -> bool:
        return any(self.identity.traces_in(reading) for reading in readings(text))

    def _without_traces(self, text: str, *, names: bool) -> str:
        """Names without what is hidden of them, other text without the author's addresses."""
        spans = self.identity.traces_in(text) if names else traces.own(text, self.identity)
        parts, place = [], 0
        for span in spans:
            parts.append(text[place : span.start])
            place = span.end
        kept = "".join([*parts, text[place:]])
        return " ".join(kept.split()) if spans and names else kept


def _decoded(line: ContentLine) -> str:
    """The value as a reader sees it, also in the encodings of vCard 2.1."""
    coding = " ".join(f"{key}={value}" for key, value in line.parameters).upper()
    if "QUOTED-PRINTABLE" in coding:
        octets = binascii.a2b_qp(line.value.encode("utf-8", "replace"))
        return spoken(octets.decode("utf-8", "replace"))
    return spoken(line.value)
