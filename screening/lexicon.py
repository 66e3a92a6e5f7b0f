"""The phrase lists of `screening.phrases`, and what of them a text holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from screening.folding import SIGNS, fold, tokens
from screening.spelling import spellings
from screening.tree import ENDS, KEY, Node, grown, note

_SIGN = re.compile(f"[{SIGNS}]")
_GAP = 12  # a gap spans up to twelve signs, or four words
_REMEMBERED, _LONG = 20_000, 24  # words, and letters of the longest of them
EVERYWHERE = "xx"  # the list of what is written alike in all languages


_NONE: dict[str, Node] = {}
_NOTHING: frozenset[str] = frozenset()
_First = tuple[Node, dict[str, Node] | None]  # and the words of which one must follow


@dataclass(frozen=True, slots=True)
class Hit:
    """One phrase found: its category and the places of its first and last token."""

    category: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases, and for each frequent word the languages that use it."""

    root: Node
    frequent: Mapping[str, tuple[str, ...]]
    languages: tuple[str, ...]
    begun: dict[str, tuple[_First, ...]] = field(default_factory=dict, compare=False)

    def hits(self, words: list[str], languages: Iterable[str]) -> list[Hit]:
        """The longest phrase at each place, left to right; only in gaps others are found too."""
        wanted, free = frozenset((*languages, EVERYWHERE)), 0
        found: list[Hit] = []
        firsts, following = {word: self._firsts(word) for word in set(words)}, [*words[1:], ""]
        for start, word in enumerate(words):
            if start < free or not (begun := firsts[word]):
                continue
            best, kinds, whole = start - 1, frozenset[str](), True
            best, kinds, whole = start, _NOTHING, True
            for node, only in begun:
                if only is not None and following[start] not in only:
                    continue
                for end, ends, gapless in _walk(node, words, start):
                    if (end > best or not kinds) and (here := _kinds(ends, wanted)):
                        best, kinds, whole = end, here, gapless
            if kinds:
                found += [Hit(kind, start, best) for kind in sorted(kinds)]
                free = best + 1 if whole else start + 1
        return found

    def _firsts(self, word: str) -> tuple[_First, ...]:
        """Where phrases go on that begin with this word; the words of all mails are much alike."""
        known = self.begun.get(word)
        if known is None:
            nodes = map(grown, _steps(self.root, word))
            known = tuple((node, node.exact if node.fixed else None) for node in nodes)
            if len(self.begun) < _REMEMBERED and len(word) <= _LONG:
                self.begun[word] = known
        return known


def _kinds(ends: Iterable[tuple[str, str]], wanted: frozenset[str]) -> frozenset[str]:
    return frozenset(category for language, category in ends if language in wanted)


def _steps(node: Node, word: str) -> list[Node]:
    found = []
    if (after := node.exact.get(word)) is not None:
        found.append(after)
    if node.number is not None and word[0].isdigit():
        found.append(node.number)
    if node.word is not None and word not in ENDS:
        found.append(node.word)
    if node.stems:
        for key in dict.fromkeys((word[:KEY], word[: KEY - 1])):  # in one order in any process
            for stem, after in node.stems.get(key, _NONE).items():
                if word.startswith(stem):
                    found.append(after)
    return found


def _walk(
    node: Node, words: list[str], place: int, gapless: bool = True
) -> Iterator[tuple[int, frozenset[tuple[str, str]], bool]]:
    """Every place where a phrase that goes on from `node` can end; gaps do not cross sentences."""
    if node.ends:
        yield place, node.ends, gapless
    after = place + 1
    if after == len(words):
        return
    for step in _steps(node, words[after]):
        yield from _walk(step, words, after, gapless)
    if node.gap is None:
        return
    spent = 0
    while after < len(words) and spent <= _GAP and words[after] not in ENDS:
        for step in _steps(node.gap, words[after]):
            yield from _walk(step, words, after, gapless=False)
        spent += 1 if _SIGN.match(words[after]) else 3
        after += 1


def _read(source: str, language: str, root: Node, frequent: dict[str, list[str]]) -> None:
    category = ""
    for line in source.splitlines():
        if line.startswith("frequent:"):
            for word in tokens(fold(line.removeprefix("frequent:"))):
                frequent.setdefault(word, []).append(language)
        elif line.startswith("["):
            category = line.strip("[] ")
        elif category and not line.startswith("#"):
            for phrase in line.split(" | "):
                for spelt in spellings(phrase, language):
                    note(root, spelt, (language, category))


@cache
def lexicon() -> Lexicon:
    """All phrase lists, read once."""
    root, languages = Node(), []
    frequent: dict[str, list[str]] = {}
    for file in sorted(files("screening.phrases").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".txt") and len(file.name) == len("en.txt"):
            language = file.name.removesuffix(".txt")
            languages.append(language)
            _read(file.read_text("utf-8"), language, root, frequent)
    return Lexicon(root, {word: tuple(of) for word, of in frequent.items()}, tuple(languages))
