"""One HTML tag: what it means for what is shown."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,40})")
_ATTRIBUTE = re.compile(
    r"""\b(style|class|href|src|width|height|hidden|bgcolor|type)\b(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    {"p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "hr", "section", "article"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "footer"}
)
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol"}
)
_VOID = frozenset(
    {"br", "img", "hr", "meta", "link", "input", "area", "base", "col", "wbr", "source"}
)
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0\d*)?(?:;|$|!)|mso-hide:all"
    r"|font-size:(?:0|0?\.\d+|[12])(?:px|pt|em|rem|%)?(?:;|$|!)|max-(?:height|width):0"
    r"|(?:text-indent|left|top|margin-left):-\d{3,}|clip:rect\(0|color:transparent"
)
_PALE = re.compile(
    r"(?:^|;)color:(?:white|#fff(?:fff)?|#f[c-f]f[c-f]f[c-f]|rgba?\(25[0-5],25[0-5],25[0-5])", re.I
)
_GROUND = re.compile(r"background(?:-color|-image)?:(?!white|#fff|none|transparent|inherit)")


@dataclass(frozen=True, slots=True)
class Tag:
    """What one tag means for what is shown."""

    name: str = ""  # empty: a declaration, or none at all
    closing: bool = False
    alone: bool = False  # has no end tag
    breaks: str = ""
    hides: bool = False
    pale: bool = False
    grounded: bool = False  # sets a ground on which pale letters can be read
    classes: tuple[str, ...] = ()
    target: str = ""
    field: str = ""
    pixel: bool = False


def _parsed(source: str) -> Tag:
    named = _TAG.match(source)
    if named is None:
        return Tag()
    name = named[2].lower()
    breaks = "\v\v" if name in _PARAGRAPHS else "\v" if name in _BLOCKS or name == "br" else ""
    if named[1]:
        return Tag(name, closing=True, breaks=breaks)
    given = {
        key.lower(): html.unescape(value.strip("\"'"))
        for key, value in _ATTRIBUTE.findall(source, named.end())
    }
    style = given.get("style", "").replace(" ", "").lower()
    sides = [given.get(side, "").strip().removesuffix("px") for side in ("width", "height")]
    return Tag(
        name,
        alone=name in _VOID or source.endswith("/>"),
        breaks=breaks,
        hides="hidden" in given or _HIDING.search(style) is not None,
        pale=_PALE.search(style) is not None,
        grounded=_GROUND.search(style) is not None
        or given.get("bgcolor", "white").lower() not in ("#ffffff", "white"),
        classes=tuple(given.get("class", "").split()),
        target=given.get("href", "").strip(),
        field=given.get("type", "text").lower() if name == "input" else "",
        pixel=all(side in ("0", "1", "2") for side in sides),
    )


# Mail programs write the same few tags over and over.
_common = lru_cache(maxsize=1024)(_parsed)


def parsed(source: str) -> Tag:
    """What a tag, from < to >, says of itself."""
    return _common(source) if len(source) < 100 and "href" not in source else _parsed(source)
