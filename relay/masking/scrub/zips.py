"""Zip archives, and the office documents of today, which are such archives."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from relay.masking.scrub import office, opendocument
from relay.masking.scrub.inside import Budget, Inside, unique
from relay.masking.scrub.outcome import DAMAGED, PROTECTED, TOO_LARGE, Unscrubbable

_ENTRY = b"PK\x01\x02"  # begins each entry of the directory
_MOST_ENTRIES = 10_000  # found by searching: some may lie in archives within
_ENCRYPTED = 0x1
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_APPLE_OFFICE = "it is a Pages, Numbers or Keynote document, which cannot be checked"


@dataclass(frozen=True, slots=True)
class Member:
    """One file or folder (its name ends with a slash) of an archive."""

    name: str
    content: bytes
    method: int
    mode: int


def zipped(content: bytes, inside: Inside) -> bytes:
    """The files, cleaned, in the same order; comments, dates, owners and extra fields are gone."""
    try:
        members = list(_members(content, inside.budget))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, LookupError) as error:
        raise Unscrubbable(DAMAGED) from error
    except (NotImplementedError, RuntimeError, OverflowError) as error:
        raise Unscrubbable("it is packed in a way that cannot be checked") from error
    return _written(_cleaned(members, inside))


def _cleaned(members: list[Member], inside: Inside) -> Iterator[Member]:
    contents = {member.name: member.content for member in members}
    if office.is_package(contents):
        cleaned = office.package(contents, inside)
    elif opendocument.is_document(contents):
        cleaned = opendocument.document(contents, inside)
    elif any(name.endswith(".iwa") for name in contents):
        raise Unscrubbable(_APPLE_OFFICE, "send a PDF")
    else:
        taken: set[str] = set()
        for member in members:
            name = unique(inside.name(member.name), taken)
            content = b"" if name.endswith("/") else inside.scrub(member.content)
            yield replace(member, name=name, content=content)
        return
    if len(contents) != len(members):  # two of a name: programs would not agree on which one counts
        raise Unscrubbable(DAMAGED)
    for member in members:
        if member.name in cleaned:
            yield replace(member, content=cleaned[member.name])


def _members(content: bytes, budget: Budget) -> Iterator[Member]:
    if content.count(_ENTRY) > _MOST_ENTRIES:
        raise Unscrubbable(TOO_LARGE)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            budget.spend(members=1)
            if info.flag_bits & _ENCRYPTED:
                raise Unscrubbable(PROTECTED)
            # The others unpack in steps whose size cannot be bounded.
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise NotImplementedError
            with archive.open(info) as file:
                unpacked = file.read(budget.bytes + 1)
            budget.spend(len(unpacked))
            mode = info.external_attr >> 16 if info.create_system == 3 else 0
            yield Member(info.filename, unpacked, info.compress_type, mode)


def _written(members: Iterator[Member]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member in members:
            info = zipfile.ZipInfo(member.name, _LONG_AGO)
            info.create_system = 3
            info.compress_type = member.method
            if member.name.endswith("/"):
                info.external_attr = (stat.S_IFDIR | 0o755) << 16 | 0x10
            elif stat.S_ISLNK(member.mode):
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            else:
                allowed = 0o755 if member.mode & 0o111 else 0o644
                info.external_attr = (stat.S_IFREG | allowed) << 16
            archive.writestr(info, member.content)
    return out.getvalue()
