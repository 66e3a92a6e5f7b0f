"""XML edited in place: what no rule touches keeps its bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from xml.parsers import expat

from relay.masking.scrub.outcome import DAMAGED, TOO_LARGE, Unscrubbable

_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_ATTRIBUTE = re.compile(rb"""\s+[^\s=/>"']+\s*=\s*("[^"]*"|'[^']*')""")
_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
_UTF8 = '<?xml version="1.0" encoding="UTF-8"?>'
_MOST_ELEMENTS = 1_000_000

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """What is done to the elements and attributes of a document; names are qualified, as written.

    `dropped` says whether an element goes with all that it holds, `emptied` whether it stays
    without that, and `rewritten` which of its attributes stay, and with what values.
    """

    dropped: Callable[[str, Attributes], bool]
    emptied: Callable[[str], bool]
    rewritten: Callable[[str, Attributes], Attributes]


@dataclass(frozen=True, slots=True)
class Edited:
    """A document after the edits; `text` is its character data, a line for each stretch of it."""

    content: bytes
    text: str
    elements: int


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def value(attributes: Attributes, name: str) -> str:
    """The attribute of that name, whatever its prefix."""
    return next((found for key, found in attributes.items() if local(key) == name), "")


def local_in(names: frozenset[str]) -> Callable[[str], bool]:
    """Whether a name, without its prefix, is one of these."""
    return lambda name: local(name) in names


def edit(content: bytes, rules: Rules) -> Edited:
    """Applies the rules; comments and processing instructions go as well.

    Raises Unscrubbable for what is not well-formed, defines entities, or has too many elements.
    """
    content = _in_utf8(content)
    elements = content.count(b"<") - content.count(b"</")
    if elements > _MOST_ELEMENTS:
        raise Unscrubbable(TOO_LARGE)
    editor = _Editor(content, rules)
    try:
        editor.parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Unscrubbable(DAMAGED) from error
    return Edited(editor.result(), "\n".join(editor.text), elements)


def _in_utf8(content: bytes) -> bytes:
    """The same document, if it was written in wide characters, in narrow ones."""
    if content[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\0" not in content[:4]:
        return content
    codec = "utf-16" if content[0] > 0xF0 else "utf-16-be" if not content[0] else "utf-16-le"
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        raise Unscrubbable(DAMAGED) from error
    return (_UTF8 + _DECLARATION.sub("", text, count=1)).encode("utf-8", "replace")


class _Editor:
    """Collects edits while the parser walks through the document."""

    def __init__(self, content: bytes, rules: Rules) -> None:
        self.content, self.rules = content, rules
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.CommentHandler = self._comment
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.edits: list[tuple[int, int, bytes]] = []
        self.text: list[str] = []
        self.open: list[tuple[int, int, str]] = []  # tag's start, its end, what is to be done
        self.silent = 0  # open elements that will be dropped or emptied

    def result(self) -> bytes:
        pieces, place = [], 0
        for start, end, instead in self.edits:
            pieces += [self.content[place:start], instead]
            place = end
        return b"".join([*pieces, self.content[place:]])

    def _start(self, name: str, attributes: list[str]) -> None:
        start = self.parser.CurrentByteIndex
        tag = _TAG.match(self.content, start)
        if not tag:
            raise Unscrubbable(DAMAGED)
        fate = ""
        if not self.silent:
            pairs = dict(zip(attributes[::2], attributes[1::2], strict=True))
            if self.rules.dropped(name, pairs):
                fate = "dropped"
            else:
                self._rewrite(name, pairs, tag)
                fate = "emptied" if self.rules.emptied(name) else ""
        self.silent += bool(fate)
        self.open.append((start, tag.end(), fate))

    def _end(self, _: str) -> None:
        start, inner, fate = self.open.pop()
        if not fate:
            return
        self.silent -= 1
        alone = self.content[inner - 2 : inner] == b"/>"
        close = inner if alone else self.parser.CurrentByteIndex
        end = inner if alone else self.content.index(b">", close) + 1
        edit = (start, end, b"") if fate == "dropped" else (inner, close, b"")
        while self.edits and self.edits[-1][0] >= edit[0]:  # comments within
            self.edits.pop()
        self.edits.append(edit)

    def _rewrite(self, name: str, pairs: Attributes, tag: re.Match[bytes]) -> None:
        kept = self.rules.rewritten(name, pairs) if pairs else pairs
        if kept == pairs:
            return
        for key, place in zip(pairs, _ATTRIBUTE.finditer(tag[0]), strict=True):
            instead = kept.get(key)
            if instead == pairs[key]:
                continue
            span = place.span() if instead is None else place.span(1)
            value = b"" if instead is None else b'"%b"' % _escaped(instead)
            self.edits.append((tag.start() + span[0], tag.start() + span[1], value))

    def _characters(self, text: str) -> None:
        if not self.silent:
            self.text.append(text)

    def _comment(self, _: str) -> None:
        self._cut(b"-->")

    def _instruction(self, target: str, _: str) -> None:
        if target != "mso-application":
            self._cut(b"?>")

    def _cut(self, ending: bytes) -> None:
        start = self.parser.CurrentByteIndex
        if not self.silent:
            self.edits.append((start, self.content.index(ending, start) + len(ending), b""))

    def _doctype(self, name: str, system: str | None, public: str | None, subset: int) -> None:
        if subset:  # may define entities, which swell
            raise Unscrubbable(DAMAGED)


def _escaped(value: str) -> bytes:
    return escape(value).encode("ascii", "xmlcharrefreplace")
