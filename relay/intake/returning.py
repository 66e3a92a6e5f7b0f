"""The day of return in an absence note, in English and German."""

from __future__ import annotations

import re
from datetime import date, timedelta

from relay.intake import times

FARTHEST = timedelta(days=200)
_LOOKED_AT = 4000  # characters

# What stands before the first day back, and before the last day away.
_BACK = re.compile(
    r"(?:\bback\b|\breturn(?:ing|s)?\b|\bavailable (?:again )?(?:from|on|starting)\b"
    r"|\bin the office (?:again )?(?:on|from)\b|\breachable (?:again )?(?:from|on)\b|\bab\b"
    r"|\bwieder\b|\bzurück\b)[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"(?:\bthrough\b|\bup to and including\b|\buntil and including\b|\bbis\b|\bto\b|\bthru\b"
    r"|\buntil\b|\btill\b|[-–—])[^.!?\n\d]{0,25}$",
    re.IGNORECASE,
)
# In German the first day back may stand before its verb.
_AFTERWARDS = re.compile(
    r"^[^.!?\n]{0,40}\b(?:wieder|zurück|erreichbar|back)\b(?! nicht)", re.IGNORECASE
)
_EXCLUSIVE = re.compile(r"\b(?:until|till)\b[^.!?\n\d]{0,25}$", re.IGNORECASE)


def day_of_return(subject: str, text: str, today: date) -> date | None:
    """The first day back that the note names, if it lies ahead; else None."""
    note = f"{subject}\n{text}"[:_LOOKED_AT].replace("\r", "")
    note = re.sub(r"(?<=[^\n])\n(?=[^\n])", " ", note)
    firsts, lasts = [], []
    for found in times.days(note, today):
        before, after = note[max(0, found.start - 80) : found.start], note[found.end :][:80]
        back = _BACK.search(before) or _EXCLUSIVE.search(before)
        if back or (_AFTERWARDS.match(after) and not _LAST.search(before)):
            firsts.append(found.day)
        elif _LAST.search(before):
            lasts.append(found.day + timedelta(days=1))
    ahead = [day for day in firsts or lasts if today < day <= today + FARTHEST]
    return max(ahead, default=None)
