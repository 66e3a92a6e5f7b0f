"""Who is known: ambassadors, candidates, and whose mail is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SUSPENDED_AT = 5  # failures in a row, after which nothing more is sent to an address


class Side(StrEnum):
    CANDIDATE = "candidate"
    AMBASSADOR = "ambassador"

    @property
    def other(self) -> Side:
        return Side.AMBASSADOR if self is Side.CANDIDATE else Side.CANDIDATE


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
    failures: int = 0  # mails that came back since they last wrote

    @property
    def mailbox(self) -> str:
        return self.mailboxes[0]

    @property
    def suspended(self) -> bool:
        """Whether mail to them comes back, so that none is sent until they write."""
        return self.failures >= SUSPENDED_AT

    def available(self, now: datetime) -> bool:
        """Whether new mail goes to this person now."""
        if self.suspended:
            return False
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
    failures: int = 0  # mails that came back since they last wrote

    @property
    def suspended(self) -> bool:
        """Whether mail to them comes back, so that none is sent until they write."""
        return self.failures >= SUSPENDED_AT


@dataclass(frozen=True, slots=True)
class Block:
    """An address or a whole domain whose mail is refused: by one ambassador, or by the program."""

    whom: str
    at: datetime
    ambassador_id: str | None = None
