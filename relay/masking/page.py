"""An HTML page taken apart: what is written again, and what its reader sees of it, line by line."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from relay.masking import css, links, views
from relay.masking.ledger import Ledger
from relay.masking.markup import Tags
from relay.masking.tokens import Token, Type
from relay.masking.views import Decoded

_BREAKS = frozenset(
    ("address", "article", "aside", "body", "br", "center", "dd", "div", "dl", "dt", "footer", "h1",
     "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
     "table", "tbody", "title", "tr", "ul", "blockquote", "html", "head")
)  # fmt: skip
_SIGNATURE = re.compile(
    r"gmail_signature|moz-signature|\bid=[\"']?(?:ms-outlook-mobile-)?signature", re.IGNORECASE
)
_REFERENCE = re.compile(
    r"&(?:#0{0,40}+[0-9]{1,7}|#[xX]0{0,40}+[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?"
)
# Where words of two texts meet, one may end or not: for a search, both.
_JOINT = re.compile(r"[^\W_][^\W_]|[._+-][^\W_]")
_SEAM = "\x1f"  # white space, of a kind that nobody types
_DOCTYPE = "<!DOCTYPE html>"
# A line end in the source is a blank to the reader, but an address may be broken there.
_GAPS = (("\r", "\v"), ("\n", "\v"), ("\t", " "), ("\f", " "))


# Looking a member up takes longer than comparing it, and a page has thousands of tokens.
_TAG, _END, _TEXT, _RAW = Type.TAG, Type.END, Type.TEXT, Type.RAW


class Text(NamedTuple):
    """A text of the page: its place in the output and among all texts, and what it says."""

    output: int
    start: int
    source: str
    shown: str

    def decoded(self) -> Decoded:
        """How it was read."""
        return views.substituted(self.source, _REFERENCE, _reference)


class _Effect(NamedTuple):
    """What a tag is carried as, and what it does to the lines that are seen."""

    carried: str
    shown: str
    quoted: int = 0
    preformatted: int = 0


@dataclass
class Page:
    """The page while it is taken apart: the output, and the texts as a reader sees them."""

    tags: Tags
    ledger: Ledger
    output: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    length: int = 0
    quoted: int = 0
    preformatted: int = 0
    effects: dict[str, _Effect] = field(default_factory=dict)

    def add(self, token: Token) -> None:
        """One token more, but for what a hollow tag holds."""
        kind = token.type
        if kind is _TAG or kind is _END:
            self._add_tag(token)
        elif kind is _TEXT:
            self._add_text(_unwrapped(token.source, self.ledger))
        elif kind is _RAW and token.name == "style":
            style = css.clean(token.source)
            self.output.append("" if self.tags.cloak.suspects(style) else style)
        elif kind is _RAW:
            self._add_text(token.source)
        elif token.source == _DOCTYPE:
            self.output.append(_DOCTYPE)

    def _add_text(self, source: str) -> None:
        if source.isspace() and not self.preformatted:
            self.output.append(source)
            self._see(" " if "\n" not in source else "\v")
            return
        shown = _REFERENCE.sub(_reference, source) if "&" in source else source
        if self.seen and _JOINT.match(self.seen[-1][-1:] + shown[:1]):
            self._see(_SEAM)
        self.texts.append(Text(len(self.output), self.length, source, shown))
        self.output.append(source.replace("<", "&lt;"))
        if not self.preformatted:
            for gap, blank in _GAPS:
                shown = shown.replace(gap, blank)
        self._see(shown)

    def _add_tag(self, token: Token) -> None:
        effect = self.effects.get(token.source)
        if effect is None:
            effect = self.effects[token.source] = _effect(token, self.tags.rewritten(token))
        carried, shown, quoted, preformatted = effect
        if carried and carried[0] != "<":  # a picture's words
            self._add_text(carried)
            return
        self.output.append(carried)
        if shown == "\n" and not (quoted or preformatted or self.quoted):
            self.seen.append(shown)
            self.length += 1
        elif shown:
            self.quoted = max(0, self.quoted + quoted)
            self.preformatted = max(0, self.preformatted + preformatted)
            self._see(shown + "> " * min(self.quoted, 20) if self.quoted else shown)

    def _see(self, shown: str) -> None:
        self.seen.append(shown)
        self.length += len(shown)


def _effect(token: Token, carried: str) -> _Effect:
    opens = 1 if token.type is Type.TAG else -1
    if token.name == "blockquote":
        return _Effect(carried, "\n", quoted=opens)
    if token.name == "pre":
        return _Effect(carried, "\n", preformatted=opens)
    if opens > 0 and token.inside and _SIGNATURE.search(token.inside):
        return _Effect(carried, "\n-- \n")
    if token.name in _BREAKS:
        return _Effect(carried, "\n")
    return _Effect(carried, " " if token.name in ("td", "th") else "")


def _reference(found: re.Match[str]) -> str:
    return _meant(found[0])


@lru_cache(maxsize=1024)  # a page has the same few over and over
def _meant(reference: str) -> str:
    return html.unescape(reference)


def escaped(words: str) -> str:
    """Words as a text of a page."""
    return html.escape(words, quote=False)


def _unwrapped(source: str, ledger: Ledger) -> str:
    if "://" not in source:
        return source
    plain = html.unescape(source)
    better = links.unwrapped_in(plain, ledger)
    return source if better == plain else escaped(better)
