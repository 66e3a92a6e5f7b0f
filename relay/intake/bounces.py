"""A delivery report for one of our reverse paths (RFC 3464): what it changes, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from relay.intake.dsn import Report
from relay.notices import Pen
from relay.threads.events import happened
from relay.threads.parties import Parties
from relay.threads.reminders import undeliverable
from relay.threads.unreachable import came_back, in_report
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.mail import OutboxItem, OutgoingState, Settled
from storage.records.once import Claim
from storage.records.threads import Thread

REMEMBERED = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Returned:
    """The message a report is about, and everybody it concerns."""

    item: OutboxItem
    thread: Thread
    parties: Parties


def bounced(returned: Returned, report: Report, pen: Pen) -> Changes:
    """A final failure marks the message failed and tells its author, once; nothing else counts.

    The address that it came back from is counted or suspended.

    Nothing of the report's own text is kept or passed on.
    """
    item = returned.item
    sent = item.outgoing.state is OutgoingState.SENT
    if not (sent and report.failed and item.outgoing.to):
        return Changes()
    thread, now = returned.thread, pen.now
    gave_up = not report.permanent
    failed = Changes(
        outgoing=undeliverable(item.outgoing.to, gave_up, thread, returned.parties, pen),
        settled=(Settled(item.outgoing.id, OutgoingState.FAILED, now),),
        events=(happened(EventKind.FAILED, thread, pen, kind=item.outgoing.kind.value),),
        claims=(Claim(f"bounced:{item.outgoing.id}", now + REMEMBERED),),
    )
    return failed + came_back(item, in_report(report.status), thread, returned.parties, pen)
