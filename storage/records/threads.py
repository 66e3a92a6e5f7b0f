"""Conversations, and the Message-IDs of what was said in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.records.people import Side


class ThreadState(StrEnum):
    PENDING = "pending"  # nothing has reached the ambassador yet
    WAITING = "waiting"  # the candidate's word is the last one
    NUDGED = "nudged"  # and the ambassador was reminded
    ESCALATED = "escalated"  # and the backup was asked
    ANSWERED = "answered"  # the ambassador's word is the last one
    CLOSED = "closed"


class Stage(StrEnum):
    """How far the acquaintance has come; metadata for the report."""

    CONTACT = "contact"
    TALKING = "talking"
    COFFEE = "coffee"
    RECOMMENDED = "recommended"
    INTERVIEWING = "interviewing"
    HIRED = "hired"
    CLOSED = "closed"


class Agreed(StrEnum):
    """Who of a thread's two sides agreed that each may know who the other is."""

    NOBODY = "nobody"
    CANDIDATE = "candidate"
    AMBASSADOR = "ambassador"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation between one candidate and one ambassador.

    `version` is 0 before it is stored; `changes.apply` takes a thread only at the version that it
    was read with. `since` is when `state` last changed, `due_at` when a follow-up falls due.
    Another `ambassador_id` is stored only with the `former_ids` that tell of the hand-over.
    """

    id: str
    ambassador_id: str
    candidate_id: str
    peer_token: str  # in peer-NAME+t.TOKEN, for the candidate
    guest_token: str  # in guest-TOKEN, for the ambassador
    state: ThreadState
    since: datetime
    opened_at: datetime
    stage: Stage = Stage.CONTACT
    source: str = ""
    last_candidate_at: datetime | None = None
    last_ambassador_at: datetime | None = None
    nudges: int = 0
    due_at: datetime | None = None
    backup_id: str | None = None  # the ambassador who was asked to answer instead
    agreed: Agreed = Agreed.NOBODY
    former_ids: tuple[str, ...] = ()  # the ambassadors who handed it over, the first one first
    rests_until: datetime | None = None  # no reminder before, by the ambassador's own wish
    version: int = 0


@dataclass(frozen=True, slots=True)
class MessageIds:
    """One relayed message has two Message-IDs: its author's own, and the one we gave it.

    Both with their angle brackets. `ours` is what the other side's mail program knows.
    """

    thread_id: str
    author: Side
    theirs: str
    ours: str
    at: datetime
