"""The values that storage keeps and gives back. No SQL here, and no address outside these."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Side(StrEnum):
    CANDIDATE = "candidate"
    AMBASSADOR = "ambassador"

    @property
    def other(self) -> Side:
        return Side.AMBASSADOR if self is Side.CANDIDATE else Side.CANDIDATE


# --- people --------------------------------------------------------------------------------


class AmbassadorState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Ambassador:
    """An employee whom candidates may write to. `name` is the handle in `peer-NAME`."""

    id: str
    name: str
    display_name: str
    mailboxes: tuple[str, ...]  # mail goes to the first; answers are taken from any
    created_at: datetime
    role: str = ""
    topics: tuple[str, ...] = ()
    timezone: str = "UTC"
    country: str = ""
    backup: str = ""  # the handle of another ambassador, or empty
    state: AmbassadorState = AmbassadorState.ACTIVE
    paused_until: datetime | None = None
    languages: tuple[str, ...] = ()  # that they like to be written to in, as people call them

    @property
    def mailbox(self) -> str:
        return self.mailboxes[0]

    def available(self, now: datetime) -> bool:
        """Whether new mail goes to this person now."""
        if self.state is AmbassadorState.PAUSED:
            return self.paused_until is not None and self.paused_until <= now
        return self.state is AmbassadorState.ACTIVE


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone outside who wrote. `name` is the display name of their first mail."""

    id: str
    address: str
    name: str
    created_at: datetime
    language: str = ""
    proven: bool = False  # the address was authenticated, so it may be written to
    stopped: bool = False  # wants no more mail, until they write again


# --- threads -------------------------------------------------------------------------------


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


# --- mail on its way -----------------------------------------------------------------------


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


# --- what happened -------------------------------------------------------------------------


class EventKind(StrEnum):
    CONTACTED = "contacted"  # a first contact was taken, in whatever way
    CANDIDATE_WROTE = "candidate_wrote"
    AMBASSADOR_WROTE = "ambassador_wrote"
    HELD = "held"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    ASKED_BACK = "asked_back"
    REFUSED = "refused"
    AUTOMATIC = "automatic"  # automatic mail was taken and went no further
    LEAK_CAUGHT = "leak_caught"
    NUDGED = "nudged"
    ESCALATED = "escalated"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    DELIVERED = "delivered"
    FAILED = "failed"
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


@dataclass(frozen=True, slots=True)
class Claim:
    """What may happen once: a second claim on the same key is a Conflict until it expires.

    The key is a sentence of ours (`received:DIGEST`, `notice:KIND:CANDIDATE:DAY`), without address.
    """

    key: str
    expires_at: datetime


# --- what was asked, and who is shut out ------------------------------------------------------


class RequestKind(StrEnum):
    RECOMMEND = "recommend"  # may the candidate be recommended?


@dataclass(frozen=True, slots=True)
class Request:
    """A question of ours that one person may answer once, by the token in its address.

    `note` is what goes with it, in the words of whoever had us ask.
    """

    token: str
    kind: RequestKind
    thread_id: str
    expires_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """An address or a whole domain whose mail is refused: by one ambassador, or by the program."""

    whom: str
    at: datetime
    ambassador_id: str | None = None


# --- what is to be written -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one decision writes, in one transaction or not at all.

    A thread with version 0 is new. Ambassadors and candidates replace what is stored by their id.
    Who is `forgotten` is erased before the rest is written: `outgoing` may hold a last mail.
    """

    ambassadors: tuple[Ambassador, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    threads: tuple[Thread, ...] = ()
    message_ids: tuple[MessageIds, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    settled: tuple[Settled, ...] = ()
    events: tuple[Event, ...] = ()
    claims: tuple[Claim, ...] = ()
    forgotten: tuple[str, ...] = ()  # ids of candidates to erase, with all that is theirs
    hits: tuple[str, ...] = ()  # keys of `rates` that are counted once
    requests: tuple[Request, ...] = ()
    answered: tuple[str, ...] = ()  # tokens of requests; one that is gone is a Conflict
    blocks: tuple[Block, ...] = ()
    unblocked: tuple[str, ...] = ()  # addresses or domains, for the whole program
    unreferred: tuple[str, ...] = ()  # ids of the forgotten whose referral record goes as well

    def __add__(self, other: Changes) -> Changes:
        return Changes(
            self.ambassadors + other.ambassadors,
            self.candidates + other.candidates,
            self.threads + other.threads,
            self.message_ids + other.message_ids,
            self.outgoing + other.outgoing,
            self.settled + other.settled,
            self.events + other.events,
            self.claims + other.claims,
            self.forgotten + other.forgotten,
            self.hits + other.hits,
            self.requests + other.requests,
            self.answered + other.answered,
            self.blocks + other.blocks,
            self.unblocked + other.unblocked,
            self.unreferred + other.unreferred,
        )
