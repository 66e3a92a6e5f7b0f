"""How much large content is in memory at a time, however many deliver."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Scales:
    """So many bytes are in the hands of threads at a time; one load alone may always be.

    What weighs nothing never waits.
    """

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._change = threading.Condition()

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Waits until there is room for so much, and takes it for the block."""
        if not size:
            yield
            return
        with self._change:
            self._change.wait_for(lambda: not self._held or self._held + size <= self._most)
            self._held += size
        try:
            yield
        finally:
            with self._change:
                self._held -= size
                self._change.notify_all()
