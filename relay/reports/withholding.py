"""Which groups are too small to be shown, alone or by subtraction."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

SMALLEST = 5  # people; a smaller group is never shown

Key = TypeVar("Key", bound=Hashable)


def too_small(size: int) -> bool:
    """Whether this many people are some, but fewer than SMALLEST."""
    return 0 < size < SMALLEST


def withheld(sizes: Mapping[Key, tuple[int, ...]]) -> frozenset[Key]:
    """The groups to hide so that neither one of them nor their sum is too small.

    The groups are disjoint and their total is known, so that the sum of the hidden ones can be had
    by subtraction: when it is too small, or one group alone, the next smallest is hidden as well.
    A group has one or more sizes (all who wrote, those who were let in, ...); each of them counts.
    """
    hidden = {key for key, size in sizes.items() if any(map(too_small, size))}
    spare = sorted((key for key in sizes if any(sizes[key]) and key not in hidden), key=sizes.get)  # type: ignore[arg-type]
    for key in spare:
        if _safe([sizes[key] for key in hidden]):
            break
        hidden.add(key)
    return frozenset(hidden)


def _safe(hidden: list[tuple[int, ...]]) -> bool:
    if not hidden:
        return True
    sums = (sum(column) for column in zip(*hidden, strict=True))
    return len(hidden) > 1 and not any(map(too_small, sums))
