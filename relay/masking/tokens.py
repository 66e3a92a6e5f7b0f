"""HTML cut into tags and texts, in one pass and without backtracking.

Tags are found as browsers find them: quotes count only after an equals sign, comments end at `-->`,
a script ends at its end tag. Every character of the source is in exactly one token.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_TAG = re.compile(
    r"<(/?)([a-zA-Z][^\s/>\x00]{0,80}+)"
    r"((?:[\s/]++|[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+|=)*+)>"
)
_ATTRIBUTE = re.compile(
    r"([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+))?+)?+"
)
_BOGUS = re.compile(r"<[!?][^>]*+>?")
_RAW = frozenset(("script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title"))


class Type(Enum):
    TEXT = "text"
    TAG = "tag"
    END = "end tag"
    RAW = "raw text"  # the content of a script, a style sheet, a title
    ASIDE = "aside"  # a comment, a declaration, a processing instruction


@dataclass(frozen=True, slots=True)
class Token:
    """`source` as it stands; `name` in lower case for tags and raw text; `inside` is what follows
    the name within a tag."""

    type: Type
    source: str
    name: str = ""
    inside: str = ""


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a document, in order."""
    at, end = 0, len(source)
    while at < end:
        mark = source.find("<", at)
        mark = end if mark < 0 else mark
        if mark > at:
            yield Token(Type.TEXT, source[at:mark])
            at = mark
            continue
        token = _markup(source, at)
        at += len(token.source)
        yield token
        if token.type is Type.TAG and token.name in _RAW and at < end:
            close = _closing(source, at, token.name)
            if close > at:
                yield Token(Type.RAW, source[at:close], token.name)
            at = close


def attributes(inside: str) -> Iterator[tuple[str, str]]:
    """(name in lower case, value with its character references read) for each attribute."""
    for found in _ATTRIBUTE.finditer(inside):
        value = found[2] or found[3] or found[4] or ""
        yield found[1].lower(), html.unescape(value) if "&" in value else value


def _markup(source: str, at: int) -> Token:
    found = _TAG.match(source, at)
    if found:
        type_ = Type.END if found[1] else Type.TAG
        return Token(type_, found[0], found[2].lower(), found[3])
    follows = source[at + 1 : at + 2]
    if source.startswith("<!--", at):
        close = source.find("-->", at + 2)
        return Token(Type.ASIDE, source[at : close + 3] if close >= 0 else source[at:])
    if follows in ("!", "?"):
        bogus = _BOGUS.match(source, at)
        return Token(Type.ASIDE, bogus[0] if bogus else source[at:])
    if follows == "/" or follows.isalpha():  # a tag that never ends: browsers drop it
        return Token(Type.ASIDE, source[at:])
    return Token(Type.TEXT, "<")


def _closing(source: str, at: int, name: str) -> int:
    """Where the end tag of a raw text stands, or the end of the document."""
    found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, at)
    return found.start() if found else len(source)
