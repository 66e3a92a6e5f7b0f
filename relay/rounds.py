"""The rounds: what fell due in the database is found here, whoever lost the task about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config import logs
from config.settings import Settings
from relay.notices import House, Pen
from relay.threads import followup, quiet, review
from relay.threads.digest import MOST, digest, is_told_of
from relay.threads.parties import Parties, parties
from relay.threads.waiting import is_waiting, waiting
from storage import (
    ahead,
    blocks,
    claims,
    digests,
    leases,
    outbox,
    purge,
    referrals,
    threads,
)
from storage.database import Connection, Database
from storage.failures import Conflict
from storage.mint import Mint
from storage.records.changes import Changes
from storage.records.mail import OutboxItem
from storage.records.people import Side
from storage.records.screening import Due
from storage.records.threads import Thread, ThreadState
from storage.writer import Writer

log = logs.get(__name__)

AT_ONCE = 500  # rows of one kind that one round takes
TELL_AGAIN = timedelta(seconds=20)  # when a task is taken for lost


@dataclass(frozen=True, slots=True)
class Rounds:
    """`wake` and `follow` have items delivered and threads looked at, by whoever is free."""

    database: Database
    writer: Writer
    settings: Settings
    house: House
    mint: Mint
    clock: Callable[[], datetime]
    wake: Callable[[tuple[str, ...]], None]
    follow: Callable[[tuple[str, ...]], None]

    def sweep(self) -> None:
        """Look for items and threads that are due, and for held messages whose time is over."""
        now = self.clock()
        self._wake(now)
        with self.database.read() as connection:
            due = threads.due(connection, now, AT_ONCE)
            expired = outbox.held_expired(connection, now, AT_ONCE)
            told = digests.due(connection, now, AT_ONCE)
        self.follow(tuple(thread.id for thread in due))
        for item in expired:
            self._expire(item)
        for one in told:
            self._tell(one)

    def _wake(self, now: datetime) -> None:
        latest = now + 2 * self.settings.delivery.retry_max  # with its jitter, and to spare
        with self.database.read() as connection:
            strayed = ahead.any_ahead(connection, latest)
            waits = outbox.any_due(connection, now)
        if strayed:
            with self.database.write() as connection:
                brought = ahead.bring_back(connection, now, latest)
            log.warning("brought back what a wrong clock had put off", items=brought)
        if waits:
            with self.database.write(durable=False) as connection:
                leases.recover(connection, now)
                ids = outbox.wake(connection, now, AT_ONCE, now + TELL_AGAIN)
            self.wake(ids)

    def follow_up(self, thread_id: str) -> None:
        """Remind, escalate, close or ask how it was, if the thread's time has come."""
        pen = Pen(self.house, self.clock(), self.mint)
        with self.database.read() as connection:
            thread = threads.thread(connection, thread_id)
            if thread is None:
                return
            everybody = parties(connection, thread)
            if everybody is None:
                changes = Changes(threads=(replace(thread, due_at=None),))
            elif thread.state in (ThreadState.ANSWERED, ThreadState.CLOSED):
                changes = self._ask(connection, thread, everybody, pen)
            else:
                changes = followup.follow_up(thread, everybody, self.settings.followup, pen)
        self._commit(changes, pen.now)

    def _ask(self, connection: Connection, thread: Thread, everybody: Parties, pen: Pen) -> Changes:
        """Was it worth their time? Nobody is asked about somebody whom they blocked."""
        alex = everybody.ambassador
        if blocks.blocked(connection, everybody.candidate.address, alex.id):
            return Changes(threads=(replace(thread, due_at=None),))
        keys = [quiet.asked_key(thread.id), *(quiet.opinion_key(thread.id, one) for one in Side)]
        claimed = claims.claimed(connection, keys, pen.now)
        clock = followup.calendar(alex, self.settings.followup)
        return quiet.ask(thread, everybody, claimed, self.settings, pen, clock)

    def report(self) -> None:
        """Mail the report of the last whole period to its readers, once."""
        if not self.settings.report.mail_to:
            return
        # What makes a report takes a tenth of the start, and many a process mails none.
        from relay.reports.due import due

        pen = Pen(self.house, self.clock(), self.mint)
        with self.database.read() as connection:
            changes = due(connection, self.settings, pen)
        self._commit(changes, pen.now)

    def purge(self) -> None:
        """Erase what was kept long enough, in portions between which others write."""
        retention, keep = self.settings.retention, self.settings.privacy.keep_bodies
        referral = max(retention.threads, self.settings.referral.window)
        erased = 1
        while erased:
            with self.database.write() as connection:
                erased = purge.purge(
                    connection, self.clock(), retention.threads, keep, retention.events
                )
                referrals.purge(connection, self.clock() - referral)

    def _expire(self, item: OutboxItem) -> None:
        pen = Pen(self.house, self.clock(), self.mint)
        with self.database.read() as connection:
            held = waiting(connection, item.outgoing.id)
        if held is not None and is_waiting(held.item):
            self._commit(review.expire(held, pen), pen.now)

    def _tell(self, due: Due) -> None:
        """Send a digest of what is held; of two schedulers one does."""
        pen = Pen(self.house, self.clock(), self.mint)
        with self.database.read() as connection:
            items = [one for one in outbox.held(connection) if is_told_of(one, due.reader)]
            first = [waiting(connection, one.outgoing.id) for one in items[:MOST]]
        held = tuple(one for one in first if one is not None)
        self._commit(digest(due, held, len(items), self.settings, pen), pen.now)

    def _commit(self, changes: Changes, now: datetime) -> None:
        if changes == Changes():
            return
        try:
            self.wake(self.writer.commit(changes, now).result())
        except Conflict:
            log.info("left for the next round")
