"""What bears on one message to one destination, and the names under which things happen once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from relay.intake.arrival import Arrival
from screening.case import History
from storage.records import Ambassador, Candidate, OutboxItem, Side, Thread

NOTICE_LIFETIME = timedelta(days=2)  # of the claim; its key names the day

# Notices of which one sender gets at most one a day each.
DAILY_NOTICES = (
    "acknowledgement",
    "ask_back",
    "withheld",
    "outsiders",
    "refused_here",
    "forgotten",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A snapshot. `author` is the ambassador whose mailbox the message comes from, if any."""

    ambassador: Ambassador | None = None
    candidate: Candidate | None = None
    thread: Thread | None = None
    author: Ambassador | None = None
    returned: OutboxItem | None = None
    held: tuple[OutboxItem, ...] = ()
    history: History = field(default_factory=History)
    references: Mapping[str, str] = field(default_factory=dict)
    last_known: str = ""
    claimed: frozenset[str] = frozenset()
    author_key: str = ""
    meters: tuple[str, ...] = ()  # counters of this message, that of its thread aside
    exhausted: str = ""  # whose budget is used up for the moment, in words
    repeated: bool = False  # the same words again and again, each time in answer

    def may_notify(self, notice: str, day: datetime) -> bool:
        """Whether the author has not had this notice today."""
        return notice_key(notice, self.author_key, day) not in self.claimed


def notice_key(notice: str, author_key: str, day: datetime) -> str:
    return f"notice:{notice}:{author_key}:{day:%Y-%m-%d}"


def received_key(arrival: Arrival, address: str) -> str:
    """Names these bytes to this destination, however often they come."""
    return f"received:{hashlib.sha256(address.encode() + arrival.digest).hexdigest()}"


def signature_key(fingerprint: str, address: str) -> str:
    """Names this signature at this destination, whatever was put around the message since."""
    return f"signature:{hashlib.sha256(f'{fingerprint} {address}'.encode()).hexdigest()}"


def signature_keys(arrival: Arrival, address: str) -> tuple[str, ...]:
    """Names every signature that proves the author, or could once the others are cut off."""
    return tuple(signature_key(one, address) for one in sorted(arrival.authentication.fingerprints))


def typed_key(thread_id: str, side: Side) -> str:
    """Once a thread each side is told that a typed address was masked."""
    return f"notice:typed_masked:{thread_id}:{side}"
