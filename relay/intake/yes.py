"""Yes or no, as people answer it by mail."""

from __future__ import annotations

import re

_FIRST = re.compile(r"\W*(?P<word>[^\W\d_]+)[^\w\n]*", re.UNICODE)
_YES = frozenset({"yes", "ja", "yep", "agreed", "einverstanden"})
_NO = frozenset({"no", "nein", "nope"})


def yes_or_no(text: str) -> tuple[bool | None, str]:
    """What the first word says, None if it is neither; and what stands behind it."""
    first = _FIRST.match(text)
    word = first["word"].casefold() if first else ""
    said = True if word in _YES else False if word in _NO else None
    return said, text[first.end() :].strip() if first else ""
