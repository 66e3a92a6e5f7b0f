"""Which lines of a text somebody typed now, and which a program wrote or somebody typed before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from relay.masking.vocabulary import FIELD, FROM, LEAD, SUBJECT, WROTE


class Kind(StrEnum):
    NEW = "new"  # typed for this message
    SIGNATURE = "signature"  # behind a signature separator, up to what is quoted
    QUOTED = "quoted"  # typed before, by either side
    WRITTEN = "written"  # an attribution or a quoted header field: no person wrote it


@dataclass(frozen=True, slots=True)
class Region:
    """text[start:end], whole lines."""

    start: int
    end: int
    kind: Kind


_LONGEST = 2000  # characters of a line that are looked at
_ATTRIBUTION_LINES = 4
_HEADER_LINES = 60
_SHORT = 90  # characters of an attribution that is only a name

_MARKS = re.compile(r"[>\s|*_\u200e\u200f\u202a-\u202e]*")
_SEPARATOR = re.compile(r"--|[—–]|_{2,4}")
_RULED = re.compile(r"[\s>*]*-{3,}[^-\n][^\n]{2,300}-{2,}[\s*]*")
_AFTER_COLON = "*_ \t\r\n\xa0\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
_COLONS = ":："
_ENDINGS = ("写道", "寫道", "작성", "書きました")  # where no colon follows
_ROUTE = re.compile(
    r"(?:Received|Return-Path|Delivered-To|Message-ID|X-[A-Za-z-]{2,40}): ", re.IGNORECASE
)
_DATED = re.compile(r"\d|@|<")
_DATE = re.compile(r"\d\D{1,20}\d")
_TIME = re.compile(r"\d[:.]\d\d")


def regions(text: str) -> tuple[Region, ...]:
    """The text line by line, neighbours of one kind together. Linear in the text."""
    lines = _lines(text)
    kinds = _kinds([text[start : min(end, start + _LONGEST)] for start, end in lines])
    changes = [
        number for number, kind in enumerate(kinds) if not number or kind is not kinds[number - 1]
    ]
    ends = [*changes, len(lines)][1:]
    return tuple(
        Region(lines[first][0], lines[last - 1][1], kinds[first])
        for first, last in zip(changes, ends, strict=True)
    )


def _lines(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        found.append((start, end))
        start = end
    return found


def _kinds(lines: list[str]) -> list[Kind]:
    """A kind for each line: by its own looks, and by what stands around it."""
    kinds: list[Kind] = []
    ends = [(":" in line or not line.isascii()) and _may_end(line) for line in lines]
    below = Kind.NEW  # what an ordinary line is, from here on
    while len(kinds) < len(lines):
        number = len(kinds)
        line = lines[number]
        bare = line.strip()
        if not bare:
            kinds.append(below)
            continue
        quoted = bare[0] == ">"
        may_be_field = ":" in line or "：" in line
        if length := _attribution(lines, ends, number):
            kinds += [Kind.WRITTEN] * length
        elif may_be_field and (length := _header(lines, number)):
            kinds += [_of_field(one) for one in lines[number : number + length]]
            below = below if quoted else Kind.QUOTED
        elif ("---" in line and _RULED.fullmatch(line)) or (may_be_field and _alone(line)):
            kinds.append(Kind.WRITTEN)
        else:
            if not quoted and below is Kind.NEW and _SEPARATOR.fullmatch(bare):
                below = Kind.SIGNATURE
            kinds.append(Kind.QUOTED if quoted else below)
    return kinds


def _bare(line: str) -> str:
    marks = _MARKS.match(line)
    return line[marks.end() :] if marks else line


def _of_field(line: str) -> Kind:
    """A person wrote the subject; programs wrote the rest."""
    return Kind.QUOTED if SUBJECT.match(_bare(line)) else Kind.WRITTEN


def _attribution(lines: list[str], ends: list[bool], number: int) -> int:
    """How many lines from here on are an attribution; `ends` tells where one could end."""
    near = ends[number : number + _ATTRIBUTION_LINES]
    if True not in near:
        return 0
    length = near.index(True) + 1
    bare = [_bare(line).rstrip() for line in lines[number : number + length]]
    joined = " ".join(bare)
    if not all(bare) or any(LEAD.match(one) and _DATED.search(one) for one in bare[1:]):
        return 0
    if not _DATED.search(bare[0]):
        return int(length == 1 and _names_only(lines, number, joined))
    dated = bool(_DATE.search(joined))
    if WROTE.search(joined) or ("@" in joined and dated):
        return length
    timed = dated and bool(_TIME.search(joined))
    return length if timed and _quoted_below(lines, number + length) else 0


def _may_end(line: str) -> bool:
    """Whether an attribution could end with the line: nearly all end with a colon."""
    tail = line[-40:].rstrip(_AFTER_COLON)
    if tail[-1:] in _COLONS:
        return bool(tail)
    return not tail.isascii() and tail.endswith(_ENDINGS)


def _names_only(lines: list[str], number: int, first: str) -> bool:
    """`Alex Chen wrote:` right above a quotation."""
    if len(first) > _SHORT or not WROTE.search(first):
        return False
    return _quoted_below(lines, number + 1)


def _quoted_below(lines: list[str], number: int) -> bool:
    """Whether the next line that is not empty is quoted."""
    below = (line for line in lines[number : number + _HEADER_LINES] if line.strip())
    return next(below, "").lstrip().startswith(">")


def _header(lines: list[str], number: int) -> int:
    """How many lines from here on are a quoted header: two or more fields, and From among them."""
    if not _is_field(lines[number]):
        return 0
    fields, author, strange = 0, False, 0
    for length, line in enumerate(lines[number : number + _HEADER_LINES]):
        bare = _bare(line)
        if not bare.strip():
            break
        if _is_field(line):
            fields, strange = fields + 1, 0
            author = author or bool(FROM.match(bare))
        elif not any(mark in line for mark in "@;<") and not line.startswith(("\t", "  ")):
            strange += 1
            if strange > 1:
                length -= 1
                break
    else:
        length = min(_HEADER_LINES, len(lines) - number)
    return length if fields > 1 and author else 0


def _alone(line: str) -> bool:
    """A header field with an address or a route in it, without others around it."""
    return ("@" in line[:200] and _is_field(line)) or bool(_ROUTE.match(_bare(line)))


def _is_field(line: str) -> bool:
    return (":" in line[:80] or "：" in line[:80]) and bool(FIELD.match(_bare(line)))
