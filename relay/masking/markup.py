"""HTML tags: which are carried, with which attributes, and what becomes of their values."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from relay.masking import css, links, tokens
from relay.masking.cloak import EVERY, TYPED, Cloak
from relay.masking.ledger import Ledger
from relay.masking.tokens import Token

# Dropped with all that they hold.
HOLLOW = frozenset(
    ("script", "iframe", "object", "applet", "svg", "math", "audio", "video", "canvas", "template",
     "xml", "frameset", "noembed", "noframes", "xmp", "datalist", "map", "portal")
)  # fmt: skip
# Dropped themselves; what they hold stays.
_UNWRAPPED = frozenset(
    ("form", "button", "select", "option", "optgroup", "textarea", "label", "fieldset", "legend",
     "noscript", "base", "link", "embed", "input", "frame", "source", "track", "param", "keygen",
     "dialog", "slot", "meter", "progress", "output", "bgsound", "area", "picture", "marquee")
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
_META = frozenset(("viewport", "color-scheme", "supported-color-schemes"))
_SCHEMES = frozenset(
    ("http", "https", "mailto", "ftp", "ftps", "tel", "sms", "callto", "sip", "sips", "xmpp", "geo",
     "news", "nntp", "webcal", "magnet", "git", "ssh", "irc", "ircs", "matrix", "facetime", "skype")
)  # fmt: skip
_SCHEME = re.compile(r"[\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.\-\s]{0,30}):")
_TELLTALE = TYPED - {"address", "swapped", "token"}  # a link to these is of no use to the reader
_NAME = re.compile(r"[a-z0-9][a-z0-9:._-]{0,60}")


@dataclass
class Tags:
    """Rewrites the tags of one page.

    `pictures` maps Content-IDs and Content-Locations of parts to their new ids; `picture` cleans
    the content of a `data:` link, or gives an empty text. `suspected`: something to hide stands
    somewhere in the page, so each value has to be looked at.
    """

    cloak: Cloak
    ledger: Ledger
    pictures: Mapping[str, str]
    picture: Callable[[str], str]
    suspected: bool

    def rewritten(self, token: Token) -> str:
        """The tag as it is carried, or nothing, or the words that stand for a picture."""
        name = token.name
        if name in _UNWRAPPED or not _NAME.fullmatch(name):
            return ""
        if token.type is tokens.Type.END:
            return f"</{name}>"
        given = dict(reversed([*tokens.attributes(token.inside)])) if token.inside else {}
        if name == "img":
            return self._image(given)
        if name == "meta" and given.get("name", "").lower() not in _META:
            return ""
        kept = _META_ATTRIBUTES if name == "meta" else _ATTRIBUTES
        return _written(name, self._values({k: given[k] for k in reversed(given) if k in kept}))

    def _image(self, given: Mapping[str, str]) -> str:
        """A picture that came with the message, or the words that stand for one that did not."""
        values = self._values({k: v for k, v in given.items() if k in _ATTRIBUTES})
        if values.get("src", "").startswith(("cid:", "data:")):
            return _written("img", values)
        if given.get("src"):
            self.ledger.remove("a remote picture", "it tells when and from where it is looked at")
        return html.escape(values.get("alt", ""), quote=False)

    def _values(self, given: Mapping[str, str]) -> dict[str, str]:
        values = {}
        for name, value in given.items():
            if name in _PLACES:
                value = self._place(name, value)
            elif name == "style":
                value = css.clean(value)
            if value and self.suspected:
                value = self._unsuspicious(name, value)
            if value or not given[name]:
                values[name] = value
        return values

    def _unsuspicious(self, name: str, value: str) -> str:
        if value.startswith("data:"):
            return value
        hits = self.cloak.hits(value)
        kinds = {hit.span.kind for hit in hits}
        prose = name in ("alt", "title", "aria-label", "summary", "abbr")
        if name in _PLACES and kinds & _TELLTALE:
            self.ledger.remove("a link", "it names a host of yours")
            return ""
        if not prose and name not in _PLACES and kinds & EVERY:
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


_META_ATTRIBUTES = frozenset(("name", "content"))


def _written(name: str, values: Mapping[str, str]) -> str:
    shown = "".join(f' {key}="{_escaped(value)}"' for key, value in values.items())
    return f"<{name}{shown}>"


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
