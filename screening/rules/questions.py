"""Does the author ask this ambassador something that only a peer can answer?"""

from __future__ import annotations

import math

from screening.case import Case, Finding
from screening.evidence import noted, said
from screening.folding import fold, tokens

_KINDS = {
    "practice": "it asks how the ambassador works",
    "talkref": "it refers to a talk, a page or a text of the ambassador",
    "chat": "it asks for a short talk among peers",
    "jobtalk": "its author thinks of applying, and asks about the work first",
    "nosale": "it says that nothing is for sale",
}
_STEM = 5  # letters by which a topic is known in any inflection
_GREETING = 12  # words


def questions(case: Case) -> tuple[Finding, ...]:
    """Questions about practice, the ambassador's topics and talks, in a mail meant for them."""
    reading = case.reading
    found = list(said(case, _KINDS))
    if reading.questions:
        found.append(noted("asks", "it asks questions", _few(reading.questions)))
    if reading.own_questions:
        reason = "its questions want nothing but an answer"
        found.append(noted("asks_openly", reason, _few(reading.own_questions)))
    if _on_topic(case):
        found.append(noted("topic", "it is about a topic of the ambassador"))
    if _named(case):
        found.append(noted("named", "it greets the ambassador by name"))
    return tuple(found)


def _few(count: int) -> float:
    """Two questions are as good as ten: whoever asks ten fills in a form."""
    return min(1.0, math.sqrt(count / 2))


def _on_topic(case: Case) -> bool:
    wanted = {
        word for topic in case.addressee.topics for word in tokens(fold(topic)) if len(word) > 2
    }
    stems = {word[:_STEM] for word in wanted}
    return bool(stems) and any(word[:_STEM] in stems for word in case.reading.words)


def _named(case: Case) -> bool:
    name = tokens(fold(case.addressee.first_name))
    words = case.reading.words
    body = words.index("¶") + 1 if "¶" in words else 0
    return bool(name) and name[0] in words[body : body + _GREETING]
