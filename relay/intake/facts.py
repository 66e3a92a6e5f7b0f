"""What bears on one message to one destination, and the names under which things happen once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from relay.threads.parties import Parties, Talk
from relay.threads.waiting import Waiting
from screening.case import History
from storage.records.mail import OutboxItem
from storage.records.once import Request
from storage.records.people import Ambassador, Candidate, Side
from storage.records.threads import Thread

NOTICE_LIFETIME = timedelta(days=2)  # of the claim; its key names the day

ASKS = ("ask_back", "ask_back.2", "ask_back.3")  # questions that one sender gets a day

# Notices of which one sender gets at most one a day each.
DAILY_NOTICES = (
    "acknowledgement",
    *ASKS,
    "careers",
    "withheld",
    "outsiders",
    "refused_here",
    "forgotten",
    "budget_full",
    "paused_offer",
    "unknown_command",
    "own_address_again",
    "recommend_again",
)


@dataclass(frozen=True, slots=True)
class Circle:
    """Whom a command, or an answer of a machine, could concern. `own` and `theirs` are the open
    conversations of the author as ambassador and as candidate, `held` what waits in the latter."""

    parties: Parties | None = None
    colleagues: tuple[Ambassador, ...] = ()
    own: tuple[Talk, ...] = ()
    theirs: tuple[Talk, ...] = ()
    held: tuple[OutboxItem, ...] = ()
    opened: int = 0  # conversations that reached the author within a week


@dataclass(frozen=True, slots=True)
class Room:
    """Whether an ambassador has time for one more. If not: when again, and who has meanwhile."""

    away: bool = False
    full: bool = False
    until: datetime | None = None
    others: tuple[Ambassador, ...] = ()

    @property
    def free(self) -> bool:
        return not (self.away or self.full)


@dataclass(frozen=True, slots=True)
class First:
    """What bears on a first contact alone; see `screening.near` and `screening.correction`."""

    marks: tuple[int, ...] = ()  # its fingerprint
    bands: tuple[int, ...] = ()  # by which that is found
    apart: tuple[str, ...] = ()  # threads whose fingerprints do not count
    near: int = 0  # fingerprints of others that share a band with it
    copies: int = 0  # of which so many are of the same text
    correction: Mapping[str, float] = field(default_factory=dict)


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
    former: tuple[str, ...] = ()  # names of the ambassadors who handed the thread over
    circle: Circle | None = None  # only if anybody but the two could be concerned
    room: Room = field(default_factory=Room)
    first: First = field(default_factory=First)
    request: Request | None = None  # the question of ours that is answered
    waiting: Waiting | None = None  # the held message that it is about
    meters: tuple[str, ...] = ()  # counters of this message, that of its thread aside
    exhausted: str = ""  # whose budget is used up for the moment, in words
    repeated: bool = False  # the same words again and again, each time in answer

    def may_notify(self, notice: str, day: datetime) -> bool:
        """Whether the author has not had this notice today."""
        return notice_key(notice, self.author_key, day) not in self.claimed


def notice_key(notice: str, author_key: str, day: datetime) -> str:
    return notice_keys((notice,), author_key, day)[0]


def notice_keys(notices: Iterable[str], author_key: str, day: datetime) -> tuple[str, ...]:
    """Names each of these notices to one author on one day."""
    end = f":{author_key}:{day:%Y-%m-%d}"
    return tuple(f"notice:{notice}{end}" for notice in notices)


def away_key(ambassador_id: str) -> str:
    """Once for an absence an ambassador is offered a pause."""
    return f"notice:away_offer:{ambassador_id}"


def employer_key(author_key: str) -> str:
    """Once a candidate is warned that their employer may read along."""
    return f"notice:employer_warning:{author_key}"


def typed_key(thread_id: str, side: Side) -> str:
    """Once a thread each side is told that a typed address was masked."""
    return f"notice:typed_masked:{thread_id}:{side}"
