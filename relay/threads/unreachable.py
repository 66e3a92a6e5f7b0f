"""Whose mail comes back: it is counted, and after too much of it nothing more is sent there.

Pure. Who writes again can be written to again.
"""

from __future__ import annotations

import re
from dataclasses import replace

from relay.notices import Pen
from relay.threads.parties import Parties
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.mail import OutboxItem
from storage.records.people import SUSPENDED_AT, Ambassador, Candidate, Side
from storage.records.threads import Thread

# RFC 3463: a mailbox or domain that does not exist, has moved or takes no mail (5.1.10: RFC 7505).
_HARD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
# A reply that is about the address or its mailbox, by the code at its beginning.
_MAILBOX = re.compile(r"(?:[45]\d\d[ -])?[45]\.[12]\.\d{1,3}(?![.\d])")
_ELSEWHERE = ("3", "5", "6", "7")  # subjects: their system, the protocol, the content, a policy


def in_reply(reply: str) -> int:
    """How many failures the next host's refusal counts for; 0: it is not about the address.

    A few suspend nobody: a host that is being set up, or loses its directory, refuses everybody.
    """
    return 1 if _MAILBOX.match(reply) else 0


def in_report(status: str) -> int:
    """How many failures a failed delivery counts for that was reported with this code, or none."""
    subject = status.split(".")[1] if status else ""
    return 0 if subject in _ELSEWHERE else _weight(status)


def _weight(status: str) -> int:
    return SUSPENDED_AT if status in _HARD else 1


def came_back(
    item: OutboxItem, failures: int, thread: Thread, parties: Parties, pen: Pen
) -> Changes:
    """The address of an item counts so many failures more, and is suspended when they are enough.

    Nothing, if it is not the address that they have now, or if they wrote since: a mailbox that
    is answered from is there, whatever a report may say.
    """
    reader = _reader(item, parties)
    if not failures or reader is None or reader.suspended or _wrote_since(item, thread):
        return Changes()
    counted = replace(reader, failures=min(reader.failures + failures, SUSPENDED_AT))
    happened = (_event(item, thread, pen),) if counted.suspended else ()
    if isinstance(counted, Ambassador):
        return Changes(ambassadors=(counted,), events=happened)
    return Changes(candidates=(counted,), events=happened)


def heard_from(speaker: Ambassador, changes: Changes) -> Changes:
    """The changes that a mail of this ambassador makes, with all failures forgiven."""
    if not speaker.failures:
        return changes
    known = {speaker.id: speaker} | {one.id: one for one in changes.ambassadors}
    known[speaker.id] = replace(known[speaker.id], failures=0)
    return replace(changes, ambassadors=tuple(known.values()))


def _reader(item: OutboxItem, parties: Parties) -> Ambassador | Candidate | None:
    """Who the item was for, if its address still is theirs."""
    recipient = item.outgoing.recipient.casefold()
    if item.outgoing.to is Side.CANDIDATE:
        same = parties.candidate.address.casefold() == recipient
        return parties.candidate if same else None
    colleagues = (one for one in (parties.ambassador, parties.backup) if one is not None)
    return next((one for one in colleagues if one.mailbox.casefold() == recipient), None)


def _wrote_since(item: OutboxItem, thread: Thread) -> bool:
    by_candidate = item.outgoing.to is Side.CANDIDATE
    last = thread.last_candidate_at if by_candidate else thread.last_ambassador_at
    return last is not None and last > item.outgoing.created_at


def _event(item: OutboxItem, thread: Thread, pen: Pen) -> Event:
    side = item.outgoing.to or Side.AMBASSADOR
    whom = item.outgoing.ambassador_id if side is Side.AMBASSADOR else None
    detail = {"side": side.value}
    return Event(pen.mint.id(pen.now), pen.now, EventKind.SUSPENDED, thread.id, whom, detail)
