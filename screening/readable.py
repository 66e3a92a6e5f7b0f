"""HTML as the text that a reader sees, without building a tree: linear whatever the markup."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"/?([A-Za-z][A-Za-z0-9:-]{0,40})")
_BREAKS = frozenset(
    {"br", "p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "hr", "section"}
    | {"h1", "h2", "h3", "h4", "h5", "h6"}
)
_UNSEEN = frozenset({"script", "style", "title", "head", "template", "noscript", "svg"})
_BLANK = re.compile(r"[ \t\r\n\f\xa0]+")
_LINES = re.compile(r" ?\n(?: ?\n)+ ?")


def text_of(source: str) -> str:
    """The text between the tags: entities decoded, blocks on lines of their own, no comments."""
    shown: list[str] = []
    at, skipped = 0, ""  # skipped: inside this element nothing is shown
    while at < len(source):
        opened = source.find("<", at)
        opened = len(source) if opened < 0 else opened
        if not skipped and opened > at:
            shown.append(_BLANK.sub(" ", html.unescape(source[at:opened])))
        named = _TAG.match(source, opened + 1)
        if source.startswith("<!--", opened):
            at = _after(source, "-->", opened + 4)
        elif named or source.startswith(("<!", "<?", "</"), opened):
            at = _after(source, ">", opened + 1)
            name = named[1].lower() if named else ""
            closing = source.startswith("</", opened)
            skipped = _inside(skipped, name, closing)
            if name in _BREAKS and not skipped:
                shown.append("\n\n" if name == "p" else "\n")
        else:
            if not skipped and opened < len(source):
                shown.append("<")
            at = opened + 1
    return _LINES.sub("\n\n", "".join(shown)).strip()


def _inside(skipped: str, name: str, closing: bool) -> str:
    if skipped:
        return "" if (closing and name == skipped) or name == "body" else skipped
    return name if name in _UNSEEN and not closing else ""


def _after(source: str, end: str, start: int) -> int:
    """The place after `end`. What is never closed hides all that follows, as in browsers."""
    found = source.find(end, start)
    return len(source) if found < 0 else found + len(end)
