"""Absence notes that no header marks, recognised by their words in the common languages."""

from __future__ import annotations

import functools
import re
from importlib import resources

from screening.folding import plain

_NOTE = 1200  # characters; nobody's absence note is longer
_REPLY = re.compile(r"^((re|aw|sv|vs|antw|tr|rif|res|odp|ynt|ответ|回复|回覆|答复)\s*:\s*)+")
_SENTENCE = re.compile(r"[.!?。\n]+\s*")
_QUESTION = re.compile("[?؟\u037e՞]")
_NUMBER = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")
_AFTER = re.compile(r"\s*($|[:\-–—(/,|!.]|[0-9])")


def absent(subject: str, text: str) -> bool:
    """Whether a message reads like an absence note or another answer of a machine.

    One hint is rarely enough: people do write about vacations and out-of-office replies.
    """
    own = _own(text)
    if len(own) > _NOTE or _QUESTION.search(own) or _QUESTION.search(subject):
        return False  # a machine is brief, and asks nothing
    title = _REPLY.sub("", _folded(subject[:300]).strip())
    if _begins(title, _phrases("answer")):
        return True
    said = _NUMBER.sub("#", _BLANKS.sub(" ", own))
    hints = _begins(title, _phrases("subject")) + any(one in said for one in _phrases("away"))
    if hints == 1:
        hints += any(one in said for one in _phrases("later"))
    return hints > 1 or _is_machine(own)


def _begins(title: str, phrases: tuple[str, ...]) -> bool:
    """Whether the title is one of them, or goes on after it with a mark or a number."""
    return title.startswith(phrases) and any(
        title.startswith(phrase) and _AFTER.match(title, len(phrase)) for phrase in phrases
    )


def _is_machine(own: str) -> bool:
    phrases = _phrases("machine")
    sentences = (piece.lstrip("#*->[( ").strip() for piece in _SENTENCE.split(own) if piece)
    return any(sentence.startswith(phrases) for sentence in sentences)


def _own(text: str) -> str:
    """The words above and between quotes, folded; a little more than can count."""
    lines = (line for line in text[: 4 * _NOTE].splitlines() if not line.startswith(">"))
    return _folded("\n".join(lines)).strip()


def _folded(text: str) -> str:
    known = text if text.isascii() else plain(text)
    return known.casefold().replace("’", "'")


@functools.cache
def _phrases(section: str) -> tuple[str, ...]:
    return _sections()[section]


@functools.cache
def _sections() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    current: list[str] = []
    source = resources.files("screening.rules").joinpath("absence.txt").read_text("utf-8")
    for line in source.splitlines():
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        elif line.strip() and not line.startswith("#"):
            current.append(_folded(line.strip()))
    return {name: tuple(dict.fromkeys(lines)) for name, lines in found.items()}
