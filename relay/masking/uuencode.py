"""Files that stand uuencoded in the middle of a text, as old programs send them (POSIX.1-2001)."""

from __future__ import annotations

import re

from relay.masking.tree import Entity

_BLOCK = re.compile(
    r"^begin [0-7]{3,4} ([^\n]{1,200})\n((?:[!-`][ -`]{0,90}\r?\n)+)[` ]?\r?\n?end[ \t]*\r?$",
    re.MULTILINE,
)


def split(text: str) -> tuple[str, list[Entity]]:
    """The text without such blocks, and a part for each."""
    if "begin " not in text:
        return text, []
    found = []
    for block in _BLOCK.finditer(text):
        name = block[1].strip().replace('"', "'")
        fields = (
            ("Content-Type", "application/octet-stream"),
            ("Content-Disposition", f'attachment; filename="{name}"'),
            ("Content-Transfer-Encoding", "x-uuencode"),
        )
        found.append(Entity(fields, block[2].encode("ascii")))
    return _BLOCK.sub("", text), found
