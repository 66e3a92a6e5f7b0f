"""Where octets of one kind stand together: found by plain searches, for most content has few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_WINDOW = 1 << 18  # octets that are looked at together, for memory's sake


def letters(kind: Iterable[int]) -> bytes:
    """A table for `stretches`: the octets of a kind as one letter, and all others as a blank."""
    some = frozenset(kind)
    return bytes(ord("x" if code in some else " ") for code in range(256))


def stretches(content: bytes, table: bytes, least: int) -> Iterator[tuple[int, int]]:
    """Start and end of each stretch of at least so many octets of the table's kind."""
    at, wanted = 0, b"x" * least
    while at < len(content):
        spelled = content[at : at + _WINDOW].translate(table)
        found, end = spelled.find(wanted), 0
        while found >= 0 and (end := spelled.find(b" ", found)) >= 0:
            yield at + found, at + end
            found = spelled.find(wanted, end)
        if found < 0 and at + len(spelled) >= len(content):
            return
        if found < 0:  # the next one may begin at the end of this window
            at += len(spelled) - least + 1
            continue
        stop = _end(content, table, at + len(spelled))
        yield at + found, stop
        at = stop


def _end(content: bytes, table: bytes, at: int) -> int:
    """Where a stretch ends that goes on here."""
    for start in range(at, len(content), _WINDOW):
        end = content[start : start + _WINDOW].translate(table).find(b" ")
        if end >= 0:
            return start + end
    return len(content)
