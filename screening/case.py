"""All that a screening rule may see of a message, and all that it may say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from config.settings import Policy
from screening import reading
from screening.authentication import Authentication
from screening.message import Envelope, Message


class Disposition(IntEnum):
    """What should become of a message; the gravest finding decides."""

    ACCEPT = 0
    ASK = 1  # a doubt that one polite question can settle
    HOLD = 2  # a doubt that a person has to settle
    DISCARD = 3  # automatic mail: taken, recorded, and neither carried nor answered
    REJECT = 4  # 5xx
    DEFER = 5  # 4xx: nobody can know now


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule saw. `reason` is a sentence for HR and, if refused, for the sender.

    `weight` counts for (negative) or against (positive) the message where findings are added up.
    """

    rule: str
    disposition: Disposition
    reason: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class History:
    """What was seen of this sender before. Counts are of accepted messages."""

    threads: int = 0  # with any ambassador, ever
    answered: bool = False  # an ambassador has answered one of them
    last_minute: int = 0
    last_day: int = 0
    thread_last_minute: int = 0
    blocked: bool = False
    asked_before: bool = False  # one question was already sent back
    copies: int = 0  # near-duplicates that others sent or got within 30 days, see `near`


@dataclass(frozen=True, slots=True)
class Addressee:
    """The ambassador who is written to, as the public knows them."""

    first_name: str
    topics: tuple[str, ...] = ()
    masked: str = ""


@dataclass(frozen=True)
class Case:
    """One message to one ambassador (or from one, `from_ambassador`), before the decision.

    Has no slots, so that what the words say is read once, and only if a rule asks.
    """

    message: Message
    envelope: Envelope
    authentication: Authentication
    policy: Policy = Policy.BALANCED
    require_auth: bool = True
    first_contact: bool = True
    from_ambassador: bool = False
    addressee: Addressee = field(default_factory=lambda: Addressee("the ambassador"))
    history: History = field(default_factory=History)
    domain: str = ""  # the relay's
    company: tuple[str, ...] = ()  # domains of the ambassador's own mailboxes
    correction: Mapping[str, float] = field(default_factory=dict)  # what this company has taught
    scanned: tuple[Finding, ...] = ()  # what outside scanners found

    @cached_property
    def reading(self) -> reading.Reading:
        """The message as its reader takes it in."""
        return reading.of(self.message)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on a case, with what led to it, the gravest first.

    `findings` are what decided, with the strongest reasons; `evidence` is all that was weighed, the
    heaviest first. `score` is how likely the author of a first contact is serious, from 0 to 1;
    `strengths` is for `correction.learn`.
    """

    disposition: Disposition
    findings: tuple[Finding, ...] = ()
    score: float = 0.0
    evidence: tuple[Finding, ...] = ()
    strengths: tuple[tuple[str, float], ...] = ()
