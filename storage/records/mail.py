"""Mail on its way, and why some of it waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.records.once import Claim
from storage.records.people import Side


class OutgoingKind(StrEnum):
    RELAYED = "relayed"
    ACKNOWLEDGEMENT = "acknowledgement"
    NUDGE = "nudge"
    ESCALATION = "escalation"  # the backup is asked
    NOTICE = "notice"  # anything else that the relay writes by itself


class OutgoingState(StrEnum):
    HELD = "held"  # waits for a person to decide
    ASKED = "asked"  # waits for its author to answer a question
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message was held or refused: the rule that spoke, and its sentence for HR."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one mailbox.

    `content` is the whole message with CRLF line ends. `return_token` stands in the reverse path
    of a relayed message (`bounce+TOKEN`); it is empty where the reverse path is null. A notice
    that names a claim as `once` is stored if the claim is free, and else left out in silence.
    """

    id: str
    kind: OutgoingKind
    recipient: str
    content: bytes
    created_at: datetime
    to: Side | None = None  # which side of the thread reads it; None: somebody else
    thread_id: str | None = None
    ambassador_id: str | None = None
    return_token: str = ""
    smtputf8: bool = False
    state: OutgoingState = OutgoingState.QUEUED
    next_try: datetime | None = None  # None: at once
    expires_at: datetime | None = None  # of a held message
    reasons: tuple[Reason, ...] = ()
    once: Claim | None = None


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """An Outgoing as it stands in the outbox. `attempts` counts an attempt before it is made.

    Listings leave the content out: `outgoing.content` is empty there, `size` is not.
    """

    outgoing: Outgoing
    attempts: int
    next_try: datetime
    size: int
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a leased or held item: the new state, and when to try again if queued.

    With `was`, it is a Conflict unless the item still is in that state.
    """

    item_id: str
    state: OutgoingState
    at: datetime
    next_try: datetime | None = None
    keep_content: bool = False
    was: OutgoingState | None = None
