"""What can go wrong here and is no bug."""

from __future__ import annotations


class Conflict(Exception):
    """Somebody else was first: what the changes build on is no longer so, and none was written.

    A thread moved on, a claim or a unique name is taken, an item is settled, a person is gone.
    Read the facts again and decide again.
    """


class Unavailable(Exception):
    """The database cannot do this now: locked, full, read-only, damaged or out of reach."""


class Unsealable(Exception):
    """What is stored cannot be opened: the key is another one, or somebody changed the bytes."""
