"""Addresses spelled for people: `dana (at) example dot test`, `dana@example[.]test`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from relay.masking.spelling import Forms
from relay.masking.squeezed import Squeezed

_AT_WORDS = ("at", "ät", "arroba", "chez")
_DOT_WORDS = ("dot", "punkt", "point", "punto", "ponto")
_SEPARATOR = r"[^\w@]{0,8}_{0,2}"
_AT = rf"{_SEPARATOR}(?:@|{'|'.join(_AT_WORDS)}){_SEPARATOR}"
_DOT = rf"(?:{_SEPARATOR}(?:{'|'.join(_DOT_WORDS)}){_SEPARATOR}|\s?[\[({{<]?\.[\])}}>]?\s?)"
_MARKS = re.compile(r"[\W_]+")


def disguised(squeezed: Squeezed, wanted: Forms) -> Iterator[tuple[int, int]]:
    """Where the source spells the mailbox with words or brackets for its marks."""
    text = squeezed.text
    for local in wanted.locals:
        for domain in wanted.domains:
            if _suspected(text, local, domain):
                for found in _pattern(local, domain).finditer(squeezed.source):
                    yield found.span()


def _suspected(text: str, local: str, domain: str) -> bool:
    """A quick look at what every disguise leaves behind."""
    name, host, sign = _traces(local, domain)
    return bool(name) and name in text and host in text and sign.search(text) is not None


@lru_cache(maxsize=1024)
def _traces(local: str, domain: str) -> tuple[str, str, re.Pattern[str]]:
    """The longest word of the name, the first of the host, and where one ends or begins so."""
    words, host = _MARKS.split(local), domain.partition(".")[0]
    return max(words, key=len), host, _sign(words[-1], host)


def _sign(name: str, host: str) -> re.Pattern[str]:
    """The end of the name with a word for `@`, or the beginning of the host with one for `.`."""
    at = rf"{re.escape(name[-4:])}[\W_]{{0,10}}(?:{'|'.join(_AT_WORDS)})"
    dot = rf"{re.escape(host)}(?:[\[(]\.|[\W_]{{0,10}}(?:{'|'.join(_DOT_WORDS)}))"
    return re.compile(f"{at}|{dot}")


@lru_cache(maxsize=1024)
def _pattern(local: str, domain: str) -> re.Pattern[str]:
    """Bounded everywhere: the work at one place of a text does not grow with the text."""
    name = _DOT.join(map(re.escape, local.split(".")))
    host = _DOT.join(map(re.escape, domain.split(".")))
    return re.compile(rf"(?<![\w.+-]){name}{_AT}{host}(?![\w-]*\w)", re.IGNORECASE)
