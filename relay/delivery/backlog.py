"""What is told of and not yet sent. Whoever brings more waits a moment while that is much.

Without it a burst is taken faster than it is carried on, and everything in it arrives late.
"""

from __future__ import annotations

import threading


class Backlog:
    """Counts items. From `most` on, a newcomer waits its turn, but no longer than `seconds`:
    a next host that is slow or gone must not keep mail from being accepted."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._count = 0
        self._fewer = threading.Condition()

    def add(self, items: int) -> None:
        with self._fewer:
            self._count += items

    def done(self, items: int = 1) -> None:
        """So many are sent, put off, or turned out to be somebody else's."""
        with self._fewer:
            self._count -= items
            if self._count < self._most:
                self._fewer.notify()

    def ease(self) -> None:
        """Waits until there is less to do."""
        with self._fewer:
            self._fewer.wait_for(lambda: self._count < self._most, self._seconds)
