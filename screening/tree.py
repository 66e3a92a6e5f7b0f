"""Phrases as one tree of words, grown only where the words of a text lead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock

from screening.folding import fold, tokens
from screening.spelling import begun, variants

KEY = 3  # letters by which stems are looked up; a stem may be one letter shorter
ENDS = frozenset(".?¶")  # of sentences
_PIECE = re.compile(r"\.\.|#|(?<!\S)_(?!\S)|[^\s#]+?(?=\.\.|#|\s|$)")
_growing = Lock()


@dataclass(slots=True)
class Node:
    """What may follow some words. Where phrases end, each with its language and its category."""

    exact: dict[str, Node] = field(default_factory=dict)
    stems: dict[str, dict[str, Node]] = field(default_factory=dict)  # by their first letters
    number: Node | None = None
    word: Node | None = None
    gap: Node | None = None
    ends: frozenset[tuple[str, str]] = frozenset()
    later: list[tuple[str, tuple[str, str]]] = field(default_factory=list)  # not yet grown

    @property
    def fixed(self) -> bool:
        """Whether nothing ends here, and only certain words lead on."""
        return not (self.ends or self.stems or self.gap or self.word or self.number)


def grown(node: Node) -> Node:
    """A first word with all that leads on from it, made when a text first holds such a word."""
    if node.later:
        with _growing:
            for phrase, end in node.later:
                for spelt in variants(phrase):
                    _add(node, islice(_pieces(spelt), 1, None), end)
            node.later.clear()
    return node


def note(root: Node, phrase: str, end: tuple[str, str]) -> None:
    """Has the tree know a phrase, under each of the words that it can begin with."""
    for head, rest in begun(phrase):
        if first := next(_pieces(head), ""):
            _extend(root, first).later.append((head + rest, end))
        elif rest:
            note(root, rest, end)


def _add(node: Node, pieces: Iterable[str], end: tuple[str, str]) -> None:
    for piece in pieces:
        node = _extend(node, piece)
    node.ends |= {end}


def _pieces(phrase: str) -> Iterator[str]:
    """Gaps, numbers, any words, tokens, and stems, which end in `*`."""
    for piece in _PIECE.findall(fold(phrase)):
        if piece in ("..", "#", "_"):
            yield piece
        else:
            parts = [token for token in tokens(piece) if token not in ENDS]
            if parts and piece.endswith("*"):
                parts[-1] += "*"
            yield from parts


def _extend(node: Node, piece: str) -> Node:
    if piece == "..":
        node.gap = node.gap or Node()
        return node.gap
    if piece == "#":
        node.number = node.number or Node()
        return node.number
    if piece == "_":
        node.word = node.word or Node()
        return node.word
    if not piece.endswith("*"):
        return node.exact.setdefault(piece, Node())
    stem = piece.removesuffix("*")
    return node.stems.setdefault(stem[:KEY], {}).setdefault(stem, Node())
