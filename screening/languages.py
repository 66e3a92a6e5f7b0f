"""Which languages a text is written in: enough to choose the phrase lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

_NEAR = 0.4  # a language with this share of the best one's words is taken as well
_ENGLISH = 0.25  # and English with less: it is mixed into all of them


def spoken(words: Iterable[str], frequent: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The languages whose frequent words these are, the likeliest first."""
    votes: Counter[str] = Counter()
    for word in set(words):
        for language in frequent.get(word, ()):
            votes[language] += 1
    best = votes.most_common(1)[0][1] if votes else 0
    near = [language for language, count in votes.most_common() if count >= max(1.0, _NEAR * best)]
    english = ("en",) if votes["en"] >= _ENGLISH * best else ()
    return tuple(dict.fromkeys((*near[:4], *english)))
