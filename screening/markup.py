"""What a reader sees of an HTML body, and what is hidden in it; linear whatever the markup."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from screening.tags import Tag, parsed

_LOOKED_AT = 96 * 1024  # characters of source; the rest of a longer body is not examined
_DEPTH = 64  # how far an end tag looks for its start
_PIECES = re.compile(r"(<[^<>]*>)")
_UNSEEN = frozenset({"script", "title", "head", "template", "noscript", "svg", "style"})
_HIDDEN_CLASS = re.compile(r"\.([\w-]{1,60})\s*\{[^{}]{0,400}?display\s*:\s*none", re.IGNORECASE)
_BLANK = re.compile(r"[ \t\r\n\f\xa0]+")
_LINES = re.compile(r" ?\n ?(?:\n ?)+")


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link leads, and the text that it shows."""

    target: str
    shown: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An HTML body as it is shown. `hidden` is the text that is there and is not shown."""

    text: str = ""
    hidden: str = ""
    links: tuple[Link, ...] = ()
    pictures: int = 0
    pixels: int = 0  # pictures of at most 2 x 2, which report that the mail was opened
    fields: frozenset[str] = frozenset()  # types of input fields


class _Page:
    """The state of reading one body from its first tag to its last."""

    def __init__(self, hiding_classes: frozenset[str]) -> None:
        self.shown: list[str] = []
        self.hidden: list[str] = []
        self.open: list[tuple[str, bool]] = []  # elements, and whether they hide what is in them
        self.hiding = False
        self.unseen = ""  # inside this element nothing is text
        self.comment = False
        self.link: tuple[str, int] | None = None  # its target, and where its text begins
        self.links: list[Link] = []
        self.pictures = self.pixels = 0
        self.fields: set[str] = set()
        self.grounded = False
        self.hiding_classes = hiding_classes

    def text(self, raw: str) -> None:
        if self.comment:
            _, ended, raw = raw.partition("-->")
            self.comment = not ended
        raw, opened, rest = raw.partition("<!--")
        if raw and not self.unseen and not self.comment:
            (self.hidden if self.hiding else self.shown).append(raw)
        if opened:
            self.comment = True
            self.text(rest)

    def tag(self, raw: str) -> None:
        if self.comment or raw.startswith("<!--"):
            self.comment = "-->" not in raw
            return
        tag = parsed(raw)
        if not tag.name:
            if raw[1] not in "!?/":
                self.text(raw)
            return
        if self.unseen:
            self.unseen = "" if tag.closing and tag.name in (self.unseen, "body") else self.unseen
            return
        if tag.breaks:
            self.shown.append(tag.breaks)
        if tag.name == "a":
            self.end_link()
        if tag.closing:
            self._end(tag.name)
        else:
            self._start(tag)

    def _start(self, tag: Tag) -> None:
        if tag.name in _UNSEEN:
            self.unseen = tag.name
            return
        if tag.name == "a":
            self.link = (tag.target, len(self.shown))
        elif tag.name == "img":
            self.pixels += tag.pixel
            self.pictures += not tag.pixel
        elif tag.field:
            self.fields.add(tag.field)
        self.grounded = self.grounded or tag.grounded
        if not tag.alone:
            self.hiding = self.hiding or tag.hides or (tag.pale and not self.grounded)
            if self.hiding_classes and not self.hiding_classes.isdisjoint(tag.classes):
                self.hiding = True
            self.open.append((tag.name, self.hiding))

    def _end(self, name: str) -> None:
        for back in range(1, min(len(self.open), _DEPTH) + 1):
            if self.open[-back][0] == name:
                del self.open[-back:]
                self.hiding = bool(self.open) and self.open[-1][1]
                return

    def end_link(self) -> None:
        if self.link is not None:
            target, since = self.link
            self.links.append(Link(target, _plain("".join(self.shown[since:])).strip()[:300]))
            self.link = None


def seen(source: str) -> Seen:
    """What is shown of it, its links and pictures, and what is hidden by style."""
    source = source[:_LOOKED_AT]
    styled = "display" in source
    page = _Page(frozenset(_HIDDEN_CLASS.findall(source)) if styled else frozenset())
    for number, piece in enumerate(_PIECES.split(source)):
        if number % 2:
            page.tag(piece)
        else:
            page.text(piece)
    page.end_link()
    return Seen(
        text=_LINES.sub("\n\n", _plain("".join(page.shown)).replace("\v", "\n")).strip(),
        hidden=_plain(" ".join(page.hidden)).strip(),
        links=tuple(page.links),
        pictures=page.pictures,
        pixels=page.pixels,
        fields=frozenset(page.fields),
    )


def _plain(raw: str) -> str:
    return _BLANK.sub(" ", html.unescape(raw) if "&" in raw else raw)
