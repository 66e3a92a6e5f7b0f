"""HTML tags: which are carried, with which attributes, and what becomes of their values."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from urllib.parse import unquote

from relay.masking import css, links, tokens
from relay.masking.cloak import TYPED, Cloak, Hit
from relay.masking.ledger import Ledger
from relay.masking.tokens import Token, Type

# Dropped with all that they hold.
HOLLOW = frozenset(
    ("script", "iframe", "object", "applet", "svg", "math", "audio", "video", "canvas", "template",
     "xml", "frameset", "noembed", "noframes", "xmp", "datalist", "map", "portal")
)  # fmt: skip
# Dropped themselves; what they hold stays.
_UNWRAPPED = frozenset(
    ("form", "button", "select", "option", "optgroup", "textarea", "label", "fieldset", "legend",
     "noscript", "base", "link", "embed", "input", "frame", "source", "track", "param", "keygen",
     "dialog", "slot", "meter", "progress", "output", "bgsound", "area", "picture",
     "marquee", "plaintext")
)  # fmt: skip
_ATTRIBUTES = frozenset(
    ("abbr", "align", "alt", "aria-label", "axis", "background", "bgcolor", "border", "bordercolor",
     "cellpadding", "cellspacing", "char", "charoff", "class", "clear", "color", "cols", "colspan",
     "compact", "coords", "dir", "face", "frame", "headers", "height", "href", "hreflang", "hspace",
     "id", "lang", "leftmargin", "link", "marginheight", "marginwidth", "name", "noshade", "nowrap",
     "rel", "rev", "role", "rows", "rowspan", "rules", "scope", "shape", "size", "span", "src",
     "start", "style", "summary", "target", "text", "title", "topmargin", "type", "valign", "value",
     "vlink", "alink", "vspace", "width", "wrap", "open", "reversed")
)  # fmt: skip
_PLACES = frozenset(("href", "src", "background"))
_PROSE = frozenset(("alt", "title", "aria-label", "summary", "abbr", "content"))
_META_ATTRIBUTES = frozenset(("name", "content"))
_META = frozenset(("viewport", "color-scheme", "supported-color-schemes"))
_SCHEMES = frozenset(
    ("http", "https", "mailto", "ftp", "ftps", "tel", "sms", "callto", "sip", "sips", "xmpp", "geo",
     "news", "nntp", "webcal", "magnet", "git", "ssh", "irc", "ircs", "matrix", "facetime", "skype")
)  # fmt: skip
_SCHEME = re.compile(r"[\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.\-\s]{0,30}):")
_TELLTALE = TYPED - {"address", "swapped", "token"}  # a link to these is of no use to the reader
_BETWEEN = "\n\0\n"  # nothing is found across it
_NAME = re.compile(r"[a-z0-9][a-z0-9:._-]{0,60}")


@dataclass
class Tags:
    """Rewrites the tags of one page.

    `pictures` maps Content-IDs and Content-Locations of parts to their new ids; `picture` cleans
    the content of a `data:` link, or gives an empty text.
    """

    cloak: Cloak
    ledger: Ledger
    pictures: Mapping[str, str]
    picture: Callable[[str], str]
    _values: dict[str, dict[str, str]] = field(default_factory=dict)  # by the source of the tag
    _hits: dict[str, list[Hit]] = field(default_factory=dict)  # by the value they were found in

    def learn(self, page: Iterable[Token]) -> None:
        """Looks at the values of all tags, at all of them together: one look is cheap."""
        for token in page:
            if token.inside and token.type is Type.TAG and token.source not in self._values:
                self._values[token.source] = self._carried(token)
        all_ = (value for values in self._values.values() for value in values.values())
        values = [value for value in dict.fromkeys(all_) if value and not value.startswith("data:")]
        starts = list(accumulate((len(one) + len(_BETWEEN) for one in values), initial=0))
        for hit in self.cloak.hits(_BETWEEN.join(values)):
            number = bisect_right(starts, hit.start) - 1
            start, value = starts[number], values[number]
            place = Hit(hit.start - start, hit.end - start, hit.span, hit.layer)
            self._hits.setdefault(value, []).append(place)

    def rewritten(self, token: Token) -> str:
        """The tag as it is carried, or nothing, or the words that stand for a picture."""
        name = token.name
        if name in _UNWRAPPED or not _NAME.fullmatch(name):
            return ""
        if token.type is Type.END:
            return f"</{name}>"
        given = self._values.get(token.source, {})
        values = {key: self._unsuspicious(key, value) for key, value in given.items()}
        values = {key: value for key, value in values.items() if value or not given[key]}
        if name == "img" and not values.get("src", "").startswith(("cid:", "data:")):
            return html.escape(values.get("alt", ""), quote=False)
        if name == "meta" and values.get("name", "").lower() not in _META:
            return ""
        return _written(name, values)

    def _carried(self, token: Token) -> dict[str, str]:
        """The attributes that are carried, the first of each name, with harmless values."""
        kept = _META_ATTRIBUTES if token.name == "meta" else _ATTRIBUTES
        values: dict[str, str] = {}
        for name, value in tokens.attributes(token.inside):
            if name not in kept or name in values:
                continue
            if name in _PLACES:
                if not (place := self._place(name, value)):
                    self._note_lost(token.name, name)
                    continue
                value = place
            values[name] = css.clean(value) if name == "style" else value
        return values

    def _note_lost(self, tag: str, name: str) -> None:
        if name == "href":
            self.ledger.remove("a link", "it leads nowhere for its reader")
        elif tag == "img" or name == "background":
            self.ledger.remove("a remote picture", "it tells when and where it is looked at")

    def _unsuspicious(self, name: str, value: str) -> str:
        """The value without what must be hidden; empty where nothing of use would be left."""
        hits = self._hits.get(value)
        if not hits:
            return value
        kinds = {hit.span.kind for hit in hits}
        if name in _PLACES and kinds & _TELLTALE:
            self.ledger.remove("a link", "it names a host of yours")
            return ""
        if name not in _PROSE and name not in _PLACES:
            return ""
        if not kinds & TYPED:
            return value
        if name in _PLACES and self.cloak.view.allow_typed:
            return ""  # the words of the link may stay, and a link must not lead elsewhere
        self.ledger.remove("an address of yours", f"in the {name} of a tag")
        return self.cloak.without(value, [hit for hit in hits if hit.span.kind in TYPED])

    def _place(self, name: str, value: str) -> str:
        """Where a link leads or a picture comes from; empty if the reader must not go there."""
        value = value.strip()
        scheme = _SCHEME.match(value)
        kind = "".join(scheme[1].split()).lower() if scheme else ""
        picture = self.pictures.get(unquote(value.partition(":")[2] if kind == "cid" else value))
        if picture:
            return f"cid:{picture}"
        if kind == "data":
            return self.picture(value) if name != "href" else ""
        if name != "href":
            return ""
        if not kind:
            return value if value.startswith("#") or not value.startswith(("/", "\\")) else ""
        return links.unwrapped(value) if kind in _SCHEMES else ""


def _written(name: str, values: Mapping[str, str]) -> str:
    shown = "".join(f' {key}="{_escaped(value)}"' for key, value in values.items())
    return f"<{name}{shown}>"


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
