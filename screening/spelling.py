"""The spellings that one line of a phrase list stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BRACES = re.compile(r"\{([^{}]*)\}")


def spellings(phrase: str, language: str) -> Iterator[str]:
    """The phrase with every choice in braces made, and as people type it."""
    for variant in variants(phrase):
        for spelt in _spelt(variant, language):
            yield spelt.strip()


def variants(phrase: str) -> Iterator[str]:
    """The phrase with every choice in braces made."""
    found = _BRACES.search(phrase)
    if found is None:
        yield phrase
        return
    for choice in found[1].split(","):
        yield from variants(phrase[: found.start()] + choice + phrase[found.end() :])


def _spelt(phrase: str, language: str) -> Iterator[str]:
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
