"""Plain text: what is hidden in it depends on who wrote the line."""

from __future__ import annotations

import re
from bisect import bisect_right

from relay.masking import links
from relay.masking.cloak import EVERY, TYPED, Cloak, Hit, replaced
from relay.masking.ledger import Ledger
from relay.masking.quotes import Kind, Region, regions
from relay.masking.values import Unmaskable

Edit = tuple[int, int, str]

WHY = {
    "address": "an address of yours",
    "swapped": "an address that the other side must not see",
    "token": "an address that the other side must not see",
    "colleague": "an address of your domain",
    "host": "a host of yours",
    "machine": "a host of yours",
    "ip": "an IP address of yours",
    "id": "a Message-ID of yours",
    "name": "a name that your mail program wrote",
    "surname": "a surname that your mail program wrote",
}
TOO_LONG = (
    "The text of your message is longer than can be checked. "
    "Please send a short message, with the long text as a file."
)
_LONGEST = 4 << 20  # characters
# In what programs write: IP addresses, and Exchange's names of mailboxes, whoever's they are.
_STRAY = re.compile(
    r"\[?(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])\]?|</o=[^>\n]{1,300}>", re.IGNORECASE
)
_BEFORE = re.compile(r"[ \t]{0,4}(?:<mailto:|\[mailto:|\(mailto:|<|\[|\(|mailto:)?$")
_COMMA = re.compile(r",[ \t]?")
_AFTER = re.compile(r"[>\])]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_ASCII_CONTROLS = bytes(code for code in range(128) if _CONTROLS.match(chr(code)))


def masked(text: str, cloak: Cloak, ledger: Ledger) -> str:
    """The text as the reader gets it."""
    text = links.unwrapped_in(without_controls(text), ledger)
    return replaced(text, edits(text, cloak, ledger))


def without_controls(text: str) -> str:
    """Without the characters that no text needs and that can hide something."""
    if text.isascii():
        return text.encode().translate(None, _ASCII_CONTROLS).decode("ascii")
    return _CONTROLS.sub("", text)


def edits(text: str, cloak: Cloak, ledger: Ledger) -> list[Edit]:
    """What to replace in a text that a person sees, line by line, in order.

    Raises Unmaskable where the text is longer than any that a person writes.
    """
    if len(text) > _LONGEST:
        raise Unmaskable(TOO_LONG)
    hits = cloak.hits(text)
    cut = _cut(text, cloak.view.cut)
    if not hits:
        return cut
    parts = regions(text)
    starts = [part.start for part in parts]
    found = []
    for hit in hits:
        part = parts[bisect_right(starts, hit.start) - 1]
        if edit := _edit(text, hit, part, cloak, ledger):
            found.append(edit)
    for part in parts:
        if part.kind is Kind.WRITTEN:
            found += [(*at.span(), "") for at in _STRAY.finditer(text, part.start, part.end)]
    return _merged(found, cut)


def _edit(text: str, hit: Hit, part: Region, cloak: Cloak, ledger: Ledger) -> Edit | None:
    kind = hit.span.kind
    if kind not in (EVERY if part.kind is Kind.WRITTEN else TYPED):
        return None
    if part.kind is Kind.NEW and kind == "address":
        ledger.typed[hit.span.value] = None
        if cloak.view.allow_typed:
            return None
    ledger.remove(WHY[kind], f"in {part.kind} text")
    if instead := cloak.instead(hit):
        return hit.start, hit.end, instead
    return (*_without_brackets(text, hit), "")


def _without_brackets(text: str, hit: Hit) -> tuple[int, int]:
    """The hit with the brackets around it and the blank or the comma beside it."""
    if hit.span.kind == "surname":
        comma = _COMMA.match(text, hit.end)
        blank = hit.start - 1 if text[hit.start - 1 : hit.start] in (" ", "\t") else hit.start
        return (hit.start, comma.end()) if comma else (blank, hit.end)
    before = _BEFORE.search(text, max(0, hit.start - 14), hit.start)
    start = before.start() if before else hit.start
    opened = text[start : hit.start].strip(" \t")
    closed = opened and opened != "mailto:" and _AFTER.match(text, hit.end)
    return start, hit.end + bool(closed)


def _cut(text: str, lines: tuple[str, ...]) -> list[Edit]:
    """The command lines, each whole with its line end, where they first stand."""
    found = []
    for wanted in dict.fromkeys(line.strip() for line in lines):
        words = r"[ \t\u00a0]+".join(map(re.escape, wanted.split()))
        at = re.search(rf"^[ \t\u00a0]*{words}[ \t\u00a0]*\r?(?:\n|$)", text, re.MULTILINE)
        if wanted and at:
            found.append((at.start(), at.end(), ""))
    return sorted(found)


def _merged(found: list[Edit], cut: list[Edit]) -> list[Edit]:
    """All in order and without overlaps: what is cut counts most, then what comes first."""
    kept = list(cut)
    for edit in sorted(found):
        if not any(one[0] < edit[1] and edit[0] < one[1] for one in (*cut, *kept[-1:])):
            kept.append(edit)
    return sorted(kept)
