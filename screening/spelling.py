"""The spellings that one line of a phrase list stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BRACES = re.compile(r"\{([^{}]*)\}")
# The first word, in which choices may stand in a choice.
_HEAD = re.compile(r"(?:[^\s{}]|\{(?:[^{}]|\{[^{}]*\})*\})*")


def begun(phrase: str) -> Iterator[tuple[str, str]]:
    """Every choice for the first word, and what follows it, in which the choices are still open."""
    phrase = phrase.lstrip()
    head = _HEAD.match(phrase)
    assert head
    for choice in variants(head[0]):
        yield choice, phrase[head.end() :]


def variants(phrase: str) -> Iterator[str]:
    """The phrase with every choice in braces made."""
    found = _BRACES.search(phrase)
    if found is None:
        yield phrase
        return
    for choice in found[1].split(","):
        yield from variants(phrase[: found.start()] + choice + phrase[found.end() :])


def spellings(phrase: str, language: str) -> Iterator[str]:
    """As people type it: without the apostrophe in English, without umlauts in German."""
    yield phrase
    if language == "en" and "'" in phrase:
        yield phrase.replace("'", "")
    if language == "de":
        plain = phrase
        for umlaut, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
            plain = plain.replace(umlaut, pair)
        if plain != phrase:
            yield plain
