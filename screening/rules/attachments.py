"""Files that run, files that hide what runs, and mails that are hardly more than a file."""

from __future__ import annotations

import re

from screening.case import Case, Disposition, Finding
from screening.evidence import noted
from screening.message import Attachment
from screening.wordlists import lists

RULE = "attachments"

_ZIPPED = re.compile(rb"PK\x03\x04.{2}(..).{18}(..)(..)", re.DOTALL)
_DOUBLE = re.compile(r"\.(?:pdf|docx?|xlsx?|jpe?g|png|txt|csv|pptx?)\s*\.[a-z0-9]{2,4}$")
_REVERSED = re.compile("[\u202a-\u202e\u2066-\u2069]")
_THIN = 25  # words beside a file that then has to say it all


def dangerous(case: Case) -> Finding | None:
    """Programs, macros, scripts in archives and HTML files: nobody opens those from a stranger."""
    found = [why for one in case.message.attachments if (why := _danger(one))]
    return Finding(RULE, *max(found)) if found else None


def attached(case: Case) -> tuple[Finding, ...]:
    """A short mail with a picture or a document says what it wants where no rule can read it."""
    files = [one for one in case.message.attachments if one.name]
    pictures = case.reading.seen.pictures + sum(
        one.content_type.startswith("image/") for one in case.message.attachments
    )
    short = case.reading.length < _THIN
    found = []
    if files:
        found.append(noted("file", "a file is attached"))
    if short and any(one.content_type == "application/pdf" or _document(one) for one in files):
        found.append(noted("only_file", "there is hardly a word beside the file"))
    if short and pictures:
        found.append(noted("only_picture", "there is hardly a word beside the picture"))
    return tuple(found)


def _document(one: Attachment) -> bool:
    return _is(one.name, "documents")


def _danger(one: Attachment) -> tuple[Disposition, str] | None:
    if _is(one.name, "runs") or one.head.startswith((b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe")):
        return Disposition.REJECT, "a program is attached"
    if _DOUBLE.search(one.name.lower()) and _is(one.name, "archives", "packed", "pages"):
        return Disposition.REJECT, "the name of a file hides what it is"
    if _REVERSED.search(one.name):
        return Disposition.REJECT, "the name of a file hides what it is"
    if _is(one.name, "macros") or b"vbaProject.bin" in one.head:
        return Disposition.HOLD, "a document with macros is attached"
    if one.head.startswith(b"PK\x03\x04"):
        return _zipped(one)
    if _is(one.name, "pages") or one.content_type in ("text/html", "application/xhtml+xml"):
        return Disposition.HOLD, "an HTML file is attached"
    if _is(one.name, "archives"):
        return Disposition.HOLD, "an archive is attached that cannot be looked into"
    return None


def _zipped(one: Attachment) -> tuple[Disposition, str] | None:
    """What the local headers at the archive's beginning name (APPNOTE 4.3.7)."""
    for found in _ZIPPED.finditer(one.head):
        flags, length = int.from_bytes(found[1], "little"), int.from_bytes(found[2], "little")
        name = one.head[found.end() : found.end() + length].decode("utf-8", "replace")
        if _is(name, "runs"):
            return Disposition.REJECT, "an archive with a program is attached"
        if _is(name, "macros") or name.endswith("vbaProject.bin"):
            return Disposition.HOLD, "an archive with macros is attached"
        if flags & 1:
            return Disposition.HOLD, "an encrypted archive is attached"
    return None


def _is(name: str, *kinds: str) -> bool:
    ending = name.lower().rstrip(" .").rpartition(".")[2] if "." in name else ""
    known = lists("screening.rules", "endings.txt")
    return any(ending in known[kind] for kind in kinds)
