"""Which languages a text is written in: enough to choose the phrase lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

_NEAR = 0.4  # a language with this share of the best one's words is taken as well
_ENGLISH = 0.25  # and English with less: it is mixed into all of them
_BLOCK = 80  # words in which another language may begin
_FEWEST = 3  # words by which it is known there


def spoken(words: Sequence[str], frequent: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The languages whose frequent words these are, the likeliest first."""
    votes = _votes(words, frequent)
    ranked = sorted(votes, key=lambda language: (-votes[language], language))
    best = votes[ranked[0]] if ranked else 0
    near = [language for language in ranked if votes[language] >= max(1.0, _NEAR * best)]
    english = ("en",) if votes["en"] >= _ENGLISH * best > 0 else ()
    return tuple(dict.fromkeys((*near[:4], *english, *_in_blocks(words, frequent))))


def _in_blocks(words: Sequence[str], frequent: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The languages that lead in some block of a long text, so that none hides behind another."""
    leading = []
    for start in range(0, len(words) if len(words) > _BLOCK else 0, _BLOCK):
        votes = _votes(words[start : start + _BLOCK], frequent)
        first = min(votes, key=lambda language: (-votes[language], language), default="")
        leading += [first] if votes[first] >= _FEWEST else []
    return leading


def _votes(words: Sequence[str], frequent: Mapping[str, tuple[str, ...]]) -> Counter[str]:
    known = frequent.keys() & set(words)
    return Counter(language for word in known for language in frequent[word])
