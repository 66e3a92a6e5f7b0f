"""HTML cut into tags and texts, in one pass and without backtracking.

Tags are found as browsers find them: quotes count only after an equals sign, comments end at `-->`,
a script ends at its end tag. Every character of the source is in exactly one token.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

_ATTRIBUTES = (
    r"((?:[\s/]++|[^\s/>=][^\s/>=]*+"
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+|=)*+)"
)
_MARKUP = re.compile(rf"<(/?)([a-zA-Z][^\s/>\x00]{{0,80}}+){_ATTRIBUTES}>")
_ATTRIBUTE = re.compile(
    r"([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+))?+)?+"
)
_BEGINS = re.compile(r"</?[a-zA-Z]|<[!?]")  # any other `<` is a text
_BOGUS = re.compile(r"<[!?][^>]*+>?")
_RAW = frozenset(("script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title"))


class Type(Enum):
    TEXT = "text"
    TAG = "tag"
    END = "end tag"
    RAW = "raw text"  # the content of a script, a style sheet, a title
    ASIDE = "aside"  # a comment, a declaration, a processing instruction


class Token(NamedTuple):
    """`source` as it stands; `name` in lower case for tags and raw text; `inside` is what follows
    the name within a tag. A tuple, because a page has thousands and a dataclass takes longer."""

    type: Type
    source: str
    name: str = ""
    inside: str = ""


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a document, in order."""
    at, look, end = 0, 0, len(source)
    match = _MARKUP.match
    known: dict[str, Token] = {}  # a page has the same few tags over and over
    while at < end:
        begin = source.find("<", look)
        found = match(source, begin) if begin >= 0 else None
        if begin < 0:
            begin = end
        elif not found and not _BEGINS.match(source, begin):
            look = begin + 1
            continue
        if begin != at:
            yield Token(Type.TEXT, source[at:begin])
            at = look = begin
        if begin == end:
            return
        if not found:
            aside = _aside(source, at)
            at = look = at + len(aside.source)
            yield aside
            continue
        at = look = found.end()
        tag = found[0]
        token = known.get(tag) or known.setdefault(tag, _tag(found))
        yield token
        if token.name in _RAW and token.type is Type.TAG and at < end:
            close = _closing(source, at, token.name)
            if close > at:
                yield Token(Type.RAW, source[at:close], token.name)
            at = look = close


def _tag(found: re.Match[str]) -> Token:
    slash, name, inside = found.groups()
    return Token(Type.END if slash else Type.TAG, found[0], name.lower(), inside)


def attributes(inside: str) -> Iterator[tuple[str, str]]:
    """(name in lower case, value with its character references read) for each attribute."""
    for found in _ATTRIBUTE.finditer(inside):
        value = found[2] or found[3] or found[4] or ""
        yield found[1].lower(), html.unescape(value) if "&" in value else value


def _aside(source: str, at: int) -> Token:
    """What begins like a tag and is none."""
    if source.startswith("<!--", at):
        close = source.find("-->", at + 2)
        return Token(Type.ASIDE, source[at : close + 3] if close >= 0 else source[at:])
    bogus = _BOGUS.match(source, at)
    # A tag that never ends is a text: it must not swallow what is put behind it.
    return Token(Type.ASIDE, bogus[0]) if bogus else Token(Type.TEXT, source[at:])


def _closing(source: str, at: int, name: str) -> int:
    """Where the end tag of a raw text stands, or the end of the document."""
    found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, at)
    return found.start() if found else len(source)
