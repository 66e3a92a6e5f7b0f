"""What may happen once: a claim on a key, and the answer to a question of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Claim:
    """What may happen once: a second claim on the same key is a Conflict until it expires.

    The key is a sentence of ours (`received:DIGEST`, `notice:KIND:CANDIDATE:DAY`), without address.
    """

    key: str
    expires_at: datetime


class RequestKind(StrEnum):
    RECOMMEND = "recommend"  # may the candidate be recommended?
    OPINION = "opinion"  # was it worth your time? The note names the side that was asked
    OWN_ADDRESS = "own_address"  # may an address in a message be shown?
    DECISION = "decision"  # may a held message go? The note names it, and who was asked


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
