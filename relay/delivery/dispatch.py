"""Ids in, letters out: items are leased together, sent each by a thread, and settled together."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial

from config import logs
from relay.delivery.backlog import Backlog
from relay.delivery.courier import Courier
from storage.failures import Conflict, Unavailable
from storage.records.changes import Changes
from storage.records.mail import OutboxItem
from storage.writer import Writer

log = logs.get(__name__)

TOGETHER = 64  # items that are leased in one transaction
PATIENCE = 0.003  # seconds for which what was sent may wait for others to be settled with
EASED_FOR = 0.5  # seconds for which a message waits at most while all threads are at work
STORE_AGAIN = 0.5  # seconds between attempts to store what became of an item


class Dispatch:
    """The couriers of one process. `wake` is told what is to be sent after something was settled.

    At most `threads` letters are under way at a time, and as many leased items wait for a thread.
    """

    def __init__(
        self,
        courier: Courier,
        writer: Writer,
        wake: Callable[[tuple[str, ...]], None],
        threads: int,
    ) -> None:
        self._courier, self._writer, self._wake = courier, writer, wake
        self.backlog = Backlog(threads, EASED_FOR)
        self._ids: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._ready: queue.Queue[OutboxItem | None] = queue.Queue(threads)
        self._change = threading.Condition()
        self._unsettled = 0
        self._ending = threading.Event()
        self._leaser = threading.Thread(target=self._lease, name="leaser", daemon=True)
        self._threads = [
            threading.Thread(target=self._send, name=f"courier-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        for thread in (self._leaser, *self._threads):
            thread.start()

    def take(self, ids: Sequence[str]) -> None:
        """Have these items delivered, soon. Never waits."""
        self.backlog.add(len(ids))
        for one in ids:
            self._ids.put(one)

    def close(self, seconds: float) -> None:
        """Finish what is under way, and settle it, within that time; the rest is left queued."""
        deadline = time.monotonic() + seconds
        self._ending.set()
        self._ids.put(None)
        for thread in (self._leaser, *self._threads):
            if thread.ident is not None:
                thread.join(max(0.0, deadline - time.monotonic()))
        with self._change:
            self._change.wait_for(
                lambda: not self._unsettled, max(0.0, deadline - time.monotonic())
            )

    def _lease(self) -> None:
        while ids := self._some():
            leased = self._leased(ids)
            self.backlog.done(len(ids) - len(leased))
            for item in leased:
                self._ready.put(item)
        for _ in self._threads:
            self._ready.put(None)

    def _leased(self, ids: Sequence[str]) -> tuple[OutboxItem, ...]:
        """One that cannot be read, because its cells were damaged, keeps no other back."""
        try:
            return self._courier.lease(ids)
        except Unavailable:
            log.warning("could not lease", items=len(ids))
            self._give_back(ids)
            return ()
        except Exception:
            if len(ids) == 1:
                log.exception("cannot read an item", item=ids[0])
                return ()
        return tuple(item for one in ids for item in self._leased((one,)))

    def _give_back(self, ids: Sequence[str]) -> None:
        """A commit that failed may have taken place: what is ours and in nobody's hand would be
        renewed for ever."""
        while not self._ending.is_set():
            try:
                self._courier.give_back(ids)
                return
            except Unavailable:
                self._ending.wait(STORE_AGAIN)

    def _some(self) -> list[str]:
        """What waits, once something does; nothing at the end."""
        first = self._ids.get()
        if first is None:
            return []
        ids = [first]
        while len(ids) < TOGETHER:
            try:
                another = self._ids.get_nowait()
            except queue.Empty:
                break
            if another is None:
                self._ids.put(None)
                break
            ids.append(another)
        return [] if self._ending.is_set() else ids

    def _send(self) -> None:
        while (item := self._ready.get()) is not None:
            if self._ending.is_set():
                continue  # it is released with all that this process had leased
            with self._change:
                self._unsettled += 1
            changes = self._attempt(item)
            self.backlog.done()
            self._store(changes)

    def _attempt(self, item: OutboxItem) -> Changes:
        try:
            return self._courier.attempt(item)
        except Exception:
            log.exception("failed at an item", item=item.outgoing.id)
            return self._courier.put_off(item)

    def _store(self, changes: Changes) -> None:
        stored = self._writer.commit(changes, self._courier.clock(), PATIENCE)
        stored.add_done_callback(partial(self._after, changes))

    def _after(self, changes: Changes, stored: Future[tuple[str, ...]]) -> None:
        """Until it is stored: what was sent and is not settled would be sent again."""
        try:
            self._wake(stored.result())
        except Unavailable:
            log.warning("could not settle yet", item=changes.settled[0].item_id)
            again = threading.Timer(STORE_AGAIN, self._store, (changes,))
            again.daemon = True
            again.start()
            return
        except Conflict:
            log.warning("was settled by others", item=changes.settled[0].item_id)
        except Exception:
            log.exception("cannot settle", item=changes.settled[0].item_id)
        self._settled()

    def _settled(self) -> None:
        with self._change:
            self._unsettled -= 1
            self._change.notify_all()
