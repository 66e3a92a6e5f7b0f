"""Small lists kept beside the code: lines of a name, a colon and words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def lists(package: str, name: str) -> dict[str, frozenset[str]]:
    """The lists of one file, by name; lines that begin with # are comments."""
    found: dict[str, frozenset[str]] = {}
    for line in (files(package) / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, _, words = line.partition(":")
            found[kind] = frozenset(words.split())
    return found
