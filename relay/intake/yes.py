"""Yes or no, as people answer it by mail."""

from __future__ import annotations

import re

Words = frozenset[str]

_FIRST = re.compile(r"\W*(?P<word>[^\W\d_]+)[^\w\n]*")
_YES: Words = frozenset({"yes", "ja", "yep", "agreed", "einverstanden"})
_NO: Words = frozenset({"no", "nein", "nope"})
_NONE: Words = frozenset()


def yes_or_no(text: str, yes: Words = _NONE, no: Words = _NONE) -> tuple[bool | None, str]:
    """What the first word says, None if it is neither; and what stands behind it.

    `yes` and `no` are the words, in lower case, that mean the same in answer to this question.
    """
    first = _FIRST.match(text)
    word = first["word"].casefold() if first else ""
    said = True if word in _YES | yes else False if word in _NO | no else None
    return said, text[first.end() :].strip() if first else ""
