"""Tar archives (POSIX.1-2001), read by code that no hostile header can keep busy."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass

from relay.masking.scrub.inside import Inside, unique
from relay.masking.scrub.outcome import DAMAGED, Unscrubbable
from relay.masking.scrub.sniff import is_tar

_BLOCK = 512
_LONGEST_HEADER = 1 << 16  # octets of an extended header
_FILES = (b"0", b"\0", b"7")
_LINKS = {b"1": tarfile.LNKTYPE, b"2": tarfile.SYMTYPE}
_EXTENDED = {b"x": "", b"g": "", b"L": "path", b"K": "linkpath"}
_MAY_RUN = 0o111


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    kind: bytes
    target: str
    may_run: bool
    content: bytes


def tar(content: bytes, inside: Inside) -> bytes:
    """The files, cleaned, in the same order; owners, dates and extended headers are gone."""
    out = io.BytesIO()
    taken: set[str] = set()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for member in _members(content, inside):
            info = tarfile.TarInfo(unique(inside.name(member.name), taken))
            info.mode = 0o755 if member.may_run or member.kind == b"5" else 0o644
            if member.kind == b"5":
                info.type = tarfile.DIRTYPE
                archive.addfile(info)
            elif member.kind in _LINKS:
                info.type, info.linkname = _LINKS[member.kind], inside.name(member.target)
                archive.addfile(info)
            else:
                cleaned = inside.scrub(member.content)
                info.size = len(cleaned)
                archive.addfile(info, io.BytesIO(cleaned))
    return out.getvalue()


def _members(content: bytes, inside: Inside) -> Iterator[_Member]:
    place, said = 0, dict[str, str]()
    while place + _BLOCK <= len(content) and content[place]:
        head = content[place : place + _BLOCK]
        if not is_tar(head):
            raise Unscrubbable(DAMAGED)
        kind = head[156:157]
        size = _number(said.get("size", "").encode() or head[124:136])
        body = content[place + _BLOCK : place + _BLOCK + size]
        if len(body) != size:
            raise Unscrubbable(DAMAGED)
        place += _BLOCK + -(-size // _BLOCK) * _BLOCK
        inside.budget.spend(members=1)
        if kind in _EXTENDED:
            if size > _LONGEST_HEADER:
                raise Unscrubbable(DAMAGED)
            said |= _records(body) if kind in b"xg" else {_EXTENDED[kind]: _text(body)}
            continue
        if kind not in (*_FILES, *_LINKS, b"5"):
            raise Unscrubbable("it holds something that is neither a file nor a folder")
        name = said.get("path") or _name(head)
        target = said.get("linkpath") or _text(head[157:257])
        yield _Member(name.strip("/"), kind, target, bool(_number(head[100:108]) & _MAY_RUN), body)
        said = {}


def _name(head: bytes) -> str:
    prefix = _text(head[345:500]) if head[257:263] == b"ustar\0" else ""
    return f"{prefix}/{_text(head[:100])}" if prefix else _text(head[:100])


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _number(field: bytes) -> int:
    """Octal digits, or binary where the first bit is set."""
    if field[:1] >= b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    if digits.strip(b"0123456789") or len(digits) > 20:
        raise Unscrubbable(DAMAGED)
    return int(digits or b"0", 8)


def _records(body: bytes) -> dict[str, str]:
    """The records of an extended header that matter: `LENGTH KEY=VALUE\\n`."""
    said, place = {}, 0
    while place < len(body) and body[place]:
        digits = body[place : place + 8].partition(b" ")[0]
        length = int(digits) if digits.isdigit() else 0
        if not length or place + length > len(body):
            raise Unscrubbable(DAMAGED)
        key, _, value = body[place + len(digits) + 1 : place + length - 1].partition(b"=")
        if key.startswith(b"GNU.sparse"):
            raise Unscrubbable("it holds a file with holes, which cannot be checked")
        if key in (b"path", b"linkpath", b"size"):
            said[key.decode()] = value.decode("utf-8", "surrogateescape")
        place += length
    return said
