"""The little that our mails know of layout: paragraphs, lists, quotes, links, and a last word.

A template writes plain text. Blank lines part its blocks; lines that begin with `- ` are items of a
list, lines that begin with `> ` a quote, and what follows a line `--` says why the mail was sent.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

WIDTH = 72  # columns; RFC 5322 section 2.1.1 recommends at most 78
LONGEST_VALUE = 300  # characters of a value within a sentence
LONGEST_SUBJECT = 150
LONGEST_QUOTE = 20_000  # characters of a text by somebody else

# Control characters mark what foreign text can never hold: `one_line` takes them out of it.
_VALUE = "\x06"
_LINK = re.compile("\x02([^\x02-\x04]*)\x03([^\x02-\x04]*)\x03(tap|show)\x04")
_JOINERS = "\u200c\u200d"  # some scripts and emoji need them
_SAFE_URL = re.compile(r"(mailto:|https?://)[!#-;=?-~]+")


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    LIST = "list"
    QUOTE = "quote"
    LAST = "last"  # why the mail was sent, and how it stops


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; a link where there is a URL, which plain text shows only if `shown`."""

    text: str
    url: str = ""
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """`rows` are the items of a list, the lines of a quote, or the one row of a paragraph."""

    kind: Kind
    rows: tuple[tuple[Piece, ...], ...]


def one_line(text: str, longest: int = LONGEST_VALUE) -> str:
    """Foreign text for the inside of a sentence: one line, printable, and not endless."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    shown = cut if cut.isascii() and cut.isprintable() else "".join(map(_printable, cut))
    return " ".join(shown.split())


def value(text: str) -> str:
    """Foreign text within a sentence, marked so that no sign in it is ever taken for layout."""
    return _VALUE + one_line(text)


def subject(text: str) -> str:
    """The first line of a rendered template as a subject."""
    return one_line(text.replace(_VALUE, ""), LONGEST_SUBJECT)


def quote(text: str) -> str:
    """Foreign text as a block of its own: nothing in it can look like ours."""
    cut = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
    return "\n".join(f"> {one_line(line, LONGEST_QUOTE)}".rstrip() for line in cut.splitlines())


def link(label: str, url: str, shown: bool) -> str:
    """A mark that becomes a link in HTML. Raises ValueError for a URL of neither mail nor web."""
    if not _SAFE_URL.fullmatch(url):
        raise ValueError(f"no link can lead to {url[:80]!r}")
    return f"\x02{one_line(label)}\x03{url}\x03{'show' if shown else 'tap'}\x04"


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cs", "Co") or (category == "Cf" and character not in _JOINERS):
        return ""  # surrogates cannot be sent; the others hide or turn what follows
    return " " if category[0] in "CZ" and character not in _JOINERS else character


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a rendered template."""
    found: list[Block] = []
    body, _, last = text.partition("\n--\n")
    for kind, part in ((Kind.PARAGRAPH, body), (Kind.LAST, last)):
        for chunk in re.split(r"\n(?:[ \t]*\n)+", part):
            lines = [line.strip() for line in chunk.split("\n") if line.strip()]
            found += _blocks_of(lines, kind)
    return tuple(found)


def _blocks_of(lines: list[str], kind: Kind) -> Iterable[Block]:
    """A chunk is one block, but that a list or a quote may follow its sentence at once."""
    rows: list[str] = []
    current = kind
    for line in lines:
        marked = Kind.LIST if line.startswith("- ") else Kind.QUOTE if line[0] == ">" else kind
        if rows and marked is not current and not (current is Kind.LIST and marked is kind):
            yield _block(current, rows)
            rows = []
        if rows and marked is kind:
            rows[-1] += " " + line  # a line goes on, in a paragraph or in an item
            continue
        current = marked
        rows.append(line[1:].strip() if marked in (Kind.LIST, Kind.QUOTE) else line)
    if rows:
        yield _block(current, rows)


def _block(kind: Kind, rows: list[str]) -> Block:
    return Block(kind, tuple(_pieces(row) for row in rows))


def _pieces(row: str) -> tuple[Piece, ...]:
    row = row.replace(_VALUE, "")
    pieces, end = [], 0
    for found in _LINK.finditer(row):
        pieces += [Piece(row[end : found.start()]), Piece(found[1], found[2], found[3] == "show")]
        end = found.end()
    pieces.append(Piece(row[end:]))
    return tuple(piece for piece in pieces if piece.text)


def plain(made: Iterable[Block]) -> str:
    """The blocks as plain text, no line longer than it must be."""
    texts: list[str] = []
    last = False
    for block in made:
        if block.kind is Kind.LAST and not last:
            texts.append("-- ")  # the space is part of it (RFC 3676 section 4.3)
            last = True
        rows = [_wrapped("".join(map(_plain_piece, row)), block.kind) for row in block.rows]
        texts.append("\n".join(rows) + ("" if last else "\n"))
    return "\n".join(texts).rstrip("\n") + "\n"


def _plain_piece(piece: Piece) -> str:
    return f"{piece.text}: {piece.url}" if piece.shown else piece.text


def _wrapped(row: str, kind: Kind) -> str:
    first, others = {Kind.LIST: ("- ", "  "), Kind.QUOTE: ("> ", "> ")}.get(kind, ("", ""))
    wrapped = textwrap.fill(
        row,
        WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped or first.rstrip()
