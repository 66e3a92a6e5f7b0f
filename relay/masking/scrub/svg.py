"""SVG pictures: markup that programs fill with paths, names and previews (SVG 2)."""

from __future__ import annotations

import base64
import binascii
import re

from relay.masking.scrub import links, markup, traces
from relay.masking.scrub.inside import Inside
from relay.masking.scrub.markup import Attributes
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_GONE = frozenset(["metadata", "script", "namedview", "foreignObject", "RDF"])
_OF_SVG = frozenset(("", "svg", "xml", "xmlns", "xlink"))
_EMBEDDED = re.compile(r"\s*data:([\w/+.;=-]{0,100});base64,(.*)", re.DOTALL)
_SHOWN = "it shows your address"


def svg(content: bytes, inside: Inside) -> bytes:
    """The drawing without scripts, editors' notes and whatever it would fetch from elsewhere."""

    def dropped(element: str, _: Attributes) -> bool:
        return markup.local(element) in _GONE or element.rpartition(":")[0] not in _OF_SVG

    def rewritten(element: str, attributes: Attributes) -> Attributes:
        kept = {key: value for key, value in attributes.items() if _harmless(key)}
        for key in kept:
            if markup.local(key) == "href":
                kept[key] = _link(element, kept[key], inside)
        return kept

    edited = markup.edit(content, markup.Rules(dropped, markup.local_in(frozenset()), rewritten))
    traces.refuse_shown(edited.text, inside.identity, _SHOWN)
    traces.refuse_traces(edited.content, inside.identity)
    return edited.content


def _harmless(key: str) -> bool:
    """Whether an attribute draws: editors use names of their own, scripts hang on events."""
    return key.rpartition(":")[0] in _OF_SVG and not key.startswith(("on", "data-"))


def _link(element: str, value: str, inside: Inside) -> str:
    embedded = _EMBEDDED.fullmatch(value)
    if embedded:
        try:
            picture = base64.b64decode(embedded[2])
        except (binascii.Error, ValueError) as error:
            raise Unscrubbable(DAMAGED) from error
        cleaned = base64.b64encode(inside.scrub(picture)).decode()
        return f"data:{embedded[1]};base64,{cleaned}"
    value = links.target(value, inside.identity)
    return links.NOWHERE if links.loads(value) and markup.local(element) != "a" else value
