"""What happened, as metadata."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    CONTACTED = "contacted"  # a first contact was taken, in whatever way
    CANDIDATE_WROTE = "candidate_wrote"
    AMBASSADOR_WROTE = "ambassador_wrote"
    HELD = "held"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    ASKED_BACK = "asked_back"
    LAPSED = "lapsed"  # no answer came to our question, or none that made it welcome
    REFUSED = "refused"
    AUTOMATIC = "automatic"  # automatic mail was taken and went no further
    LEAK_CAUGHT = "leak_caught"
    NUDGED = "nudged"
    ESCALATED = "escalated"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    DELIVERED = "delivered"
    FAILED = "failed"
    SUSPENDED = "suspended"  # mail to somebody came back: they get none until they write
    STAGE_REACHED = "stage_reached"
    PAUSED = "paused"
    RESUMED = "resumed"
    FORGOTTEN = "forgotten"
    SHARED = "shared"  # both sides agreed to know each other
    OPINION = "opinion"  # one side's answer to "was it worth your time?"
    OVER_BUDGET = "over_budget"  # a first contact found the ambassador's week full


@dataclass(frozen=True, slots=True)
class Event:
    """Metadata of one thing that happened; `detail` holds words of ours, never of a mail."""

    id: str
    at: datetime
    kind: EventKind
    thread_id: str | None = None
    ambassador_id: str | None = None
    detail: dict[str, str] = field(default_factory=dict)
