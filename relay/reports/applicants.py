"""Who was hired, read from the CSV export of an applicant tracking system."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

# What Greenhouse, Lever, Personio and their like call these columns: letters and digits alone,
# without what stands in brackets. The earlier name is the better one.
EMAIL = (
    "candidateemail",
    "email",
    "emails",
    "emailaddress",
    "emailaddresses",
    "primaryemail",
    "personalemail",
    "applicantemail",
    "emailadresse",
)
DATE = (
    "hiredate",
    "hireddate",
    "datehired",
    "hiredat",
    "hiredon",
    "einstellungsdatum",
    "eintrittsdatum",
    "offeraccepted",
    "offeracceptedat",
    "offeraccepteddate",
    "startdate",
    "archivedat",
)
SOURCE = (
    "source",
    "sourcename",
    "sources",
    "origin",
    "recruitingchannel",
    "channel",
    "quelle",
    "kanal",
)
OUTCOME = ("archivereason", "archivedreason", "status", "applicationstatus")

_REFERRED = re.compile(r"refer|recommend|ambassador|empfehl|peerpost", re.IGNORECASE)
_LEFT = re.compile(r"reject|declin|withdr|underqual|abgelehnt|abgesagt", re.IGNORECASE)
_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y")
LARGEST = 50_000_000  # bytes


class Unreadable(ValueError):
    """The file cannot be taken; the text says which line, and what is wanted."""


@dataclass(frozen=True, slots=True)
class Hire:
    """One person hired on a day (midnight in UTC), and where the system says they came from."""

    day: datetime
    addresses: tuple[str, ...]
    referred: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns, where the usual ones are not meant."""

    email: str = ""
    date: str = ""
    source: str = ""


def read(content: bytes, columns: Columns = Columns()) -> tuple[Hire, ...]:
    """Everybody in the file who was hired: who has a date, and was not turned down.

    Dates are ISO 8601, 31.12.2026, 12/31/2026 or 31 Dec 2026. Raises Unreadable.
    """
    if len(content) > LARGEST:
        raise Unreadable(f"the file is larger than {LARGEST // 1_000_000} MB")
    text = _text(content)
    try:
        delimiter = csv.Sniffer().sniff(text.split("\n", 1)[0], ",;\t|").delimiter
    except csv.Error:
        delimiter = ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    try:
        return _hires(rows, columns)
    except csv.Error as problem:
        raise Unreadable(f"after line {rows.line_num}: {problem}") from None


def _text(content: bytes) -> str:
    """UTF-8 or UTF-16 with their marks, else what Excel writes in western Europe."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _hires(rows: csv.DictReader[str], columns: Columns) -> tuple[Hire, ...]:
    names = {_plain(name): name for name in rows.fieldnames or () if name}
    email = _column(names, columns.email, EMAIL, "the addresses", "--email-column")
    date = _column(names, columns.date, DATE, "the day of hire", "--date-column")
    source = columns.source or _first(names, SOURCE)
    outcome = _first(names, OUTCOME)
    found = []
    for row in rows:
        written = (row[date] or "").strip()
        if written and not _LEFT.search(row.get(outcome) or ""):
            parts = re.split(r"[\s,;<>|]+", row[email] or "")
            addresses = tuple(part for part in parts if "@" in part)
            referred = bool(_REFERRED.search(row.get(source) or ""))
            found.append(Hire(_day(written, rows.line_num), addresses, referred))
    return tuple(found)


def _plain(name: str) -> str:
    return re.sub(r"\(.*?\)|[^a-z0-9]", "", name.casefold())


def _first(names: Mapping[str, str], wanted: Sequence[str]) -> str:
    return next((names[each] for each in wanted if each in names), "")


def _column(
    names: Mapping[str, str], chosen: str, usual: Sequence[str], what: str, option: str
) -> str:
    found = names.get(_plain(chosen), "") if chosen else _first(names, usual)
    if not found:
        there = ", ".join(names.values()) or "none"
        raise Unreadable(f"line 1: no column holds {what}; name it with {option} (there: {there})")
    return found


def _day(written: str, line: int) -> datetime:
    try:
        return datetime.fromisoformat(written[:10]).replace(tzinfo=UTC)
    except ValueError:
        pass
    for form in _FORMATS:
        try:
            return datetime.strptime(written, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise Unreadable(f"line {line}: {written[:40]!r} is no day such as 2026-12-31 or 31.12.2026")
