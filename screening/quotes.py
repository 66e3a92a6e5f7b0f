"""New text apart from what it quotes or forwards, and from the signature; in any language."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTE = re.compile(r"^\s{0,3}[>|]")
_RULE = re.compile(r"^\s*(?:-{3,}[^\n-][^\n]{0,80}-{3,}|_{10,}|-{10,}|={10,})\s*$")
_FIELD = re.compile(r"^\W{0,3}[^\W\d_][\w .’'()/-]{0,24}\W{0,3}[:：]\s?\S")
_SIGNATURE = re.compile(r"^-- ?$|^—$|^_{2,5}$")
_APART = 3  # lines of a head that stands above forwarded text: From, Sent, To, Subject


@dataclass(frozen=True, slots=True)
class Parted:
    """The three parts of a text; each may be empty."""

    new: str
    quoted: str
    signature: str


def parted(text: str) -> Parted:
    """What the author wrote, what is quoted or forwarded, and what stands below "-- "."""
    lines = text.split("\n")
    below = _head(lines)
    new: list[str] = []
    quoted: list[str] = []
    for line in lines[:below]:
        if _QUOTE.match(line):
            if new and not quoted:
                _drop_attribution(new, quoted)
            quoted.append(line.lstrip(" >|"))
        else:
            new.append(line)
    quoted += lines[below:]
    cut = next((number for number, line in enumerate(new) if _SIGNATURE.match(line)), len(new))
    return Parted(
        "\n".join(new[:cut]).strip(), "\n".join(quoted).strip(), "\n".join(new[cut + 1 :]).strip()
    )


def _drop_attribution(new: list[str], quoted: list[str]) -> None:
    """The line above a quote that names its author ("On Monday Alex wrote:") belongs to it."""
    for back in range(1, min(3, len(new)) + 1):
        line = new[-back].rstrip()
        if line.endswith((":", "：")):
            quoted += new[-back:]
            del new[-back:]
            return
        if line and back > 1:
            return


def _head(lines: list[str]) -> int:
    """The line where a forwarded message begins: a rule, or the head that programs write."""
    run = 0
    for number, line in enumerate(lines):
        if _FIELD.match(line):
            run += 1
            if run >= _APART and any("@" in one for one in lines[number - run + 1 : number + 2]):
                return _above(lines, number - run + 1)
        elif line.strip():
            run = 0
    return len(lines)


def _above(lines: list[str], head: int) -> int:
    before = head - 1
    while before >= 0 and not lines[before].strip():
        before -= 1
    return before if before >= 0 and _RULE.match(lines[before]) else head
