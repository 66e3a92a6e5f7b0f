"""Where octets of one kind stand together: found by plain searches, for most content has few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def letters(kind: Iterable[int]) -> bytes:
    """A table for `stretches`: the octets of a kind as one letter, and all others as a blank."""
    some = frozenset(kind)
    return bytes(ord("x" if code in some else " ") for code in range(256))


def stretches(content: bytes, table: bytes, least: int) -> Iterator[tuple[int, int]]:
    """Start and end of each stretch of at least so many octets of the table's kind."""
    spelled, wanted = content.translate(table), b"x" * least
    at = spelled.find(wanted)
    while at >= 0:
        end = spelled.find(b" ", at)
        if end < 0:
            end = len(content)
        yield at, end
        at = spelled.find(wanted, end)
