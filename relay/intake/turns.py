"""Whose message is decided on next: no client has all the workers, large messages share memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

EACH = 32  # messages of one client that are decided on at a time
LARGE = 2**20  # bytes; what is smaller needs no turn for its size
LARGE_TOGETHER = 24 * 2**20  # bytes; to decide takes some times as much memory


@dataclass
class Turns:
    """For one event loop."""

    clients: WeakValueDictionary[str, asyncio.Semaphore] = field(
        default_factory=WeakValueDictionary
    )
    large: int = 0  # bytes being decided on
    waiting: list[asyncio.Future[None]] = field(default_factory=list)

    async def take(self, client: str, size: int, seconds: float) -> Callable[[], None]:
        """Waits for the turn of a message of `size` bytes; the answer ends it, once.

        Raises TimeoutError if it has not come within that time.
        """
        share = self.clients.get(client)
        if share is None:
            share = self.clients[client] = asyncio.Semaphore(EACH)
        weight = size if size >= LARGE else 0
        if weight or share.locked():
            async with asyncio.timeout(seconds):
                await self._wait(share, weight)
        else:
            await share.acquire()

        def end() -> None:
            share.release()
            self.large -= weight
            waiting, self.waiting = self.waiting, []
            for one in waiting:
                if not one.done():
                    one.set_result(None)

        return end

    async def _wait(self, share: asyncio.Semaphore, weight: int) -> None:
        await share.acquire()
        try:
            await self._weigh(weight)
        except BaseException:
            share.release()
            raise

    async def _weigh(self, weight: int) -> None:
        """One alone may always go, however large."""
        while weight and self.large and self.large + weight > LARGE_TOGETHER:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiting.append(waiter)
            await waiter
        self.large += weight
