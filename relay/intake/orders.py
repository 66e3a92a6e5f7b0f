"""Commands at the top of what somebody typed: found, told from prose, and listed to be cut out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from relay.intake import pages
from relay.masking.quotes import Kind, regions
from screening.message import Message

# One word behind the slash: `/etc/hosts is empty` is no command.
_ORDER = re.compile(r"/\s?(?P<word>[^\W\d_]{1,20})(?:[\s,:]+(?P<words>.*))?")
_LONGEST = 1000  # characters of a command
_MOST = 10
_BREAKS = range(60, 81)  # columns at which mail programs break lines
_LOOKED_AT = 200_000  # characters of a body
# What telephones and some programs write below an answer.
_SENT_FROM = re.compile(
    r"(?:sent (?:from|with|via|by|using) |(?:get|download) outlook for |outlook für "
    r"|gesendet (?:mit|von|aus|über) |von meinem? .{1,40} gesendet|holen sie sich outlook"
    r"|diese nachricht wurde (?:von|mit) |(?:please )?excuse (?:my brevity|typos|any typos)"
    r"|bitte entschuldigen sie).{0,120}",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"(?:(?:many |with )?(?:best|kind|warm|friendly)(?: regards| wishes)?|regards|cheers|thanks|thx"
    r"|thank you|yours(?: sincerely)?|sincerely|mit (?:freundlichen|besten|lieben) grüßen|mfg|lg|vg"
    r"|(?:viele|beste|liebe|schöne|herzliche|freundliche) grüße|gruß|danke(?: dir| ihnen)?)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Order:
    """One command: its word in lower case, and what follows it on its line.

    `unclear` if nobody can tell where it ends.
    """

    word: str
    words: str = ""
    unclear: bool = False

    def __str__(self) -> str:
        return f"/{self.word} {self.words}".rstrip()


@dataclass(frozen=True, slots=True)
class Orders:
    """`cut` are the lines to take out, as each body has them; `left` is what else was typed."""

    given: tuple[Order, ...] = ()
    cut: tuple[str, ...] = ()
    left: str = ""


def found(message: Message) -> Orders:
    """The commands that stand before any other new text, above or below what is quoted.

    Where there is HTML, its lines count: mail programs break those of a plain text. Where there is
    none, a command goes on as long as its lines are broken where a program would break them.
    """
    if "/" not in message.text[:_LOOKED_AT] and "/" not in message.html[:_LOOKED_AT]:
        return Orders()
    plain = _typed(_plain_lines(message))
    page = _typed(pages.lines(message.html[:_LOOKED_AT])) if message.html else plain
    parted, left = _parted(page, broken=not message.html)
    given = tuple(_order(head) for head in parted)
    if not given:
        return Orders(left="\n".join(left))
    lines = tuple(line for head in parted for line in head.lines)
    return Orders(given, (*lines, *_same(plain, lines)), "\n".join(left).strip())


def typed(message: Message) -> str:
    """What the author typed for this message: without quotes, attributions and signature."""
    if message.html:
        return "\n".join(_typed(pages.lines(message.html[:_LOOKED_AT]))).strip()
    return "\n".join(_typed(_plain_lines(message))).strip()


def heads(message: Message) -> tuple[Head, ...]:
    """The first lines of what was typed, as commands in mail to the desk: a broken one is one."""
    rest = typed(message).splitlines()
    found: list[Head] = []
    while rest and len(found) < _MOST:
        bare = rest[0].strip()
        if bare:
            found.append(Head((bare,)) if message.html else _whole(rest))
        rest = rest[len(found[-1].lines) if bare else 1 :]
    return tuple(found)


def says_more(left: str, names: Iterable[str]) -> bool:
    """Whether the text says anything besides a farewell, names, and what a telephone adds."""
    known = {part.casefold() for name in names for part in name.split()}
    for line in left.splitlines():
        words = [word.casefold() for word in re.findall(r"\w+", line)]
        if not words or _SENT_FROM.fullmatch(line.strip()) or _FAREWELL.fullmatch(line.strip()):
            continue
        if not known.issuperset(words):
            return True
    return False


def _plain_lines(message: Message) -> Iterator[str]:
    """The lines of the plain text; soft line breaks (RFC 3676) are undone."""
    flowed = "format=flowed" in message.header("Content-Type").lower().replace('"', "")
    waiting = ""
    for line in message.text[:_LOOKED_AT].split("\n"):
        line = line.removesuffix("\r")
        soft = flowed and line.endswith(" ") and line != "-- " and not line.startswith(">")
        if soft:
            waiting += line
        else:
            yield waiting + line
            waiting = ""
    if waiting:
        yield waiting


def _typed(lines: Iterable[str]) -> list[str]:
    text = "\n".join(lines)
    new = (part for part in regions(text) if part.kind is Kind.NEW)
    return "".join(text[part.start : part.end] for part in new).split("\n")


@dataclass(frozen=True, slots=True)
class Head:
    """The lines of one command; `unclear` as in Order."""

    lines: tuple[str, ...]
    unclear: bool = False


def _parted(lines: list[str], broken: bool) -> tuple[list[Head], list[str]]:
    """The leading lines that are commands, and the others."""
    found: list[Head] = []
    number = 0
    while number < len(lines):
        bare = lines[number].strip()
        if bare and (not _ORDER.fullmatch(bare) or len(found) == _MOST):
            return found, lines[number:]
        if bare:
            found.append(_whole(lines[number:]) if broken else Head((bare,), len(bare) > _LONGEST))
        number += len(found[-1].lines) if bare else 1
    return found, []


def _whole(lines: list[str]) -> Head:
    """The command on the first line, with the lines that a mail program made of it.

    They end with an empty line, another command or the text. Where a short line is followed by
    more, somebody may have broken the line to begin another one: then it is unclear.
    """
    paragraph = list[str]()
    for line in lines:
        bare = line.strip()
        if not bare or (paragraph and _ORDER.fullmatch(bare)):
            break
        paragraph.append(bare)
    wrapped = [_broken(*pair) for pair in pairwise(paragraph)]
    if not wrapped or not wrapped[0]:
        return Head((paragraph[0],), len(paragraph[0]) > _LONGEST)
    return Head(tuple(paragraph), not all(wrapped) or sum(map(len, paragraph)) > _LONGEST)


def _broken(line: str, after: str) -> bool:
    """Whether a program may have made two lines of one."""
    return len(line) < _BREAKS.stop and len(line) + 1 + len(after.split()[0]) > _BREAKS.start


def _order(head: Head) -> Order:
    found = _ORDER.fullmatch(" ".join(head.lines))
    assert found
    words = " ".join((found["words"] or "").split())
    return Order(found["word"].lower(), words, head.unclear)


def _same(lines: list[str], heads: tuple[str, ...]) -> list[str]:
    """The lines of another body that say the same, however they are broken there."""
    wanted = " ".join(" ".join(heads).split())
    said, same = "", []
    for line in lines:
        if not line.strip():
            continue
        said = f"{said} {' '.join(line.split())}".strip()
        if not wanted.startswith(said):
            break
        same.append(line.strip())
    return same if " ".join(" ".join(same).split()) == wanted else []
