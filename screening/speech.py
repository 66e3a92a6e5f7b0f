"""What a text says, by the phrases in it, and which of its questions are mere questions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from screening.lexicon import Hit, lexicon

# What speaks for a message; every other kind speaks against it.
FOR = frozenset(
    {"own", "ours", "trouble", "practice", "talkref", "chat"}
    | {"jobtalk", "nosale", "craft", "topic_of_judges"}
)
_GREETING = 14  # words in which a greeting stands
_WHOLE = frozenset({"craft"})  # kinds of words that mean one thing
# Who says "we" may speak of a team, and may speak for a company.
_PLURAL = frozenset(
    {"we", "our", "at", "wir", "unser", "unsere", "bei", "nous", "notre", "nos", "on", "chez"}
    | {"nuestro", "nuestra", "nostro", "nostra", "nosso", "nossa", "wij", "ons", "onze", "vi"}
    | {"var", "vores", "meilla", "u", "nas", "nasz", "мы", "наш", "наша", "у", "ми", "bizde"}
    | {"我", "弊", "当", "저", "نحن", "لدينا", "אנחנו", "hum", "humare", "kami", "chung", "ben"}
)
_PLURAL_ENDS = ("mos", "iamo", "iyoruz", "uyoruz", "ujeme", "ujemy")
_STOPS = frozenset(".?¶")
_ASKED = 3  # words of a question that is one
_SIGN = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Speech:
    """`said` counts the different phrases of each kind: a lone word counts 1, a longer one 2."""

    said: Counter[str]
    own_questions: int  # with nothing of an offer, an application or a lure in them
    passages: tuple[Mapping[str, int], ...]  # what each paragraph says, in the same measure


def speech(words: list[str], languages: Iterable[str]) -> Speech:
    """What these tokens say; legal notices at the end do not count."""
    hits = lexicon().hits(words, languages)
    small_print = _small_print(words, hits)
    greeting = words.index("¶") + _GREETING if "¶" in words else _GREETING
    counted = [
        hit
        for hit in hits
        if hit.start < small_print and not (hit.category == "nobody" and hit.start > greeting)
    ]
    passages: dict[int, list[Hit]] = {}
    paragraph, breaks = 0, [place for place, word in enumerate(words) if word == "¶"]
    for hit in counted:
        while paragraph < len(breaks) and breaks[paragraph] < hit.start:
            paragraph += 1
        passages.setdefault(paragraph, []).append(hit)
    parts = tuple(_counts(words, found) for found in passages.values())
    return Speech(_counts(words, counted), _own_questions(words, hits), parts)


def _counts(words: list[str], hits: list[Hit]) -> Counter[str]:
    """The different phrases of each kind."""
    said: Counter[str] = Counter()
    for kind, *phrase in {(hit.category, *words[hit.start : hit.end + 1]) for hit in hits}:
        if kind == "own" and (phrase[0] in _PLURAL or phrase[0].endswith(_PLURAL_ENDS)):
            kind = "ours"
        said[kind] += 2 if kind in _WHOLE or _long(phrase) else 1
    return said


def length(words: list[str]) -> int:
    """How many words these tokens are; two signs of a script without spaces count as one."""
    signs = sum(_SIGN.match(word) is not None for word in words if not word.isascii())
    return len(words) - signs + signs // 2


def _long(phrase: list[str]) -> bool:
    """Whether it is more than one word, which alone can mean many things, or two signs."""
    return len(phrase) > 2 or (len(phrase) == 2 and _SIGN.match(phrase[0]) is None)


def _own_questions(words: list[str], hits: list[Hit]) -> int:
    spoilt = {
        place for hit in hits if hit.category not in FOR for place in range(hit.start, hit.end + 1)
    }
    count, start = 0, 0
    for place, word in enumerate(words):
        if word in _STOPS:
            if word == "?" and place - start >= _ASKED and spoilt.isdisjoint(range(start, place)):
                count += 1
            start = place + 1
    return count


def _small_print(words: list[str], hits: list[Hit]) -> int:
    """Where a legal notice begins that ends the text, or the end."""
    legal = [hit.start for hit in hits if hit.category == "legal" and 2 * hit.start > len(words)]
    if len(legal) < 2:
        return len(words)
    start = legal[0]
    while start > 0 and words[start] != "¶":
        start -= 1
    return start
