"""A conversation ends because somebody wants it to."""

from __future__ import annotations

from dataclasses import replace

from relay.masking.addresses import Desk
from relay.notices import Notice, Pen
from relay.threads.events import happened
from relay.threads.parties import Parties
from relay.threads.reminders import first_name, to_ambassador, to_candidate
from relay.threads.states import ThreadEvent, advance, waits_for
from screening.addresses import Mailbox
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.people import Side
from storage.records.threads import Thread, ThreadState


def close(thread: Thread, why: str, pen: Pen) -> Changes:
    """The thread is closed without a word; nothing, if it is."""
    if thread.state is ThreadState.CLOSED:
        return Changes()
    closed = replace(advance(thread, ThreadEvent.CLOSED, pen.now), due_at=None, rests_until=None)
    event = happened(EventKind.CLOSED, thread, pen, why=why)
    return Changes(threads=(closed,), events=(event,))


def end(thread: Thread, parties: Parties, why: str, word: Notice, pen: Pen) -> Changes:
    """The thread is closed with a word to the candidate; nothing, if it is."""
    ended = close(thread, why, pen)
    if ended == Changes():
        return ended
    return ended + Changes(outgoing=to_candidate(word, thread, parties, pen))


def decline(thread: Thread, parties: Parties, why: str, reason: str, pen: Pen) -> Changes:
    """The thread is closed with a kind word of ours, and the reason if one is given."""
    return end(thread, parties, why, Notice("passed", {"reason": reason}), pen)


def leave(thread: Thread, parties: Parties, pen: Pen) -> Changes:
    """The candidate ends it; an ambassador who has something to answer is told."""
    ended = close(thread, "left", pen)
    if waits_for(thread) is not Side.AMBASSADOR:
        return ended
    notice = Notice("ended", {"candidate": first_name(parties.candidate.name)})
    desk = Mailbox(pen.house.plan.write(Desk()), pen.house.company)
    return ended + Changes(outgoing=(to_ambassador(notice, thread, parties, pen, desk),))
