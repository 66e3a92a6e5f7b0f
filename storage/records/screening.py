"""What first contacts leave for the screening of later ones, and who is told of held mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Likeness:
    """A fingerprint of what opened a thread, and the numbers that it is looked up by.

    `known` is how many kept ones shared such a number when it was decided upon, those of the
    threads that are `apart` aside.
    """

    thread_id: str
    at: datetime
    marks: tuple[int, ...]  # below 2**32 each
    bands: tuple[int, ...]  # below 2**63 each
    known: int = 0
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a decision on the first contact of a thread would add to each weight of screening."""

    thread_id: str
    welcome: Mapping[str, float]
    unwelcome: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Taught:
    """A decision on the first contact of a thread; of several in one thread the last one counts."""

    thread_id: str
    welcome: bool


@dataclass(frozen=True, slots=True)
class Due:
    """When a digest of held mail falls due for `reader`: an ambassador's id, or "" for moderators.

    Without `was` one that is due already stays as it is. With it the digest that was due then is
    done, and the next one falls due at `at`, if there is to be one; a Conflict if somebody else
    was first.
    """

    reader: str
    at: datetime | None
    was: datetime | None = None
