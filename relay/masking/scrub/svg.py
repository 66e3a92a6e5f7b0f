"""SVG pictures: markup that programs fill with paths, names and previews (SVG 2)."""

from __future__ import annotations

import base64
import binascii
import re
from html import escape, unescape

from relay.masking import css
from relay.masking.scrub import links, markup, traces
from relay.masking.scrub.inside import Inside
from relay.masking.scrub.markup import Attributes
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable

_GONE = frozenset(["metadata", "script", "namedview", "foreignObject", "RDF"])
_OF_SVG = frozenset(("", "svg", "xml", "xmlns", "xlink"))
_EMBEDDED = re.compile(r"\s*data:([\w/+.;=-]{0,100});base64,(.*)", re.DOTALL)
_STYLE = re.compile(
    rb"(<(?:svg:)?style[^>]*+>)([^<]*+(?:<!\[CDATA\[.*?\]\]>[^<]*+)*+)(<)", re.DOTALL
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_SHOWN = "it shows your address"


def svg(content: bytes, inside: Inside) -> bytes:
    """The drawing without scripts, editors' notes and whatever it would fetch from elsewhere."""

    def dropped(element: str, _: Attributes) -> bool:
        return markup.local(element) in _GONE or element.rpartition(":")[0] not in _OF_SVG

    def rewritten(element: str, attributes: Attributes) -> Attributes:
        kept = {key: value for key, value in attributes.items() if _harmless(key)}
        for key, value in kept.items():
            if markup.local(key) == "href":
                kept[key] = _link(element, value, inside)
            elif "(" in value or "\\" in value:
                kept[key] = css.clean(value)
        return kept

    edited = markup.edit(content, markup.Rules(dropped, markup.local_in(frozenset()), rewritten))
    cleaned = _STYLE.sub(_styled, edited.content)
    traces.refuse_shown(edited.text, inside.identity, _SHOWN)
    traces.refuse_traces(cleaned, inside.identity)
    return cleaned


def _styled(found: re.Match[bytes]) -> bytes:
    """A style sheet that fetches nothing; it keeps its bytes if it did not."""
    written = _CDATA.sub(r"\1", unescape(found[2].decode("utf-8", "replace")))
    plain = css.clean(written)
    return found[0] if plain == written else found[1] + escape(plain).encode() + found[3]


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
