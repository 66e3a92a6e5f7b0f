"""What the events add up to: one Story for each first contact, and counts of all that happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records import Stage


@dataclass(frozen=True, slots=True)
class Story:
    """What became of one first contact, as far as the events of a period tell.

    `thread_id` is empty where nothing came of it (it was refused or discarded). A turn is one mail
    with words in it; the first contact is the candidate's first turn.
    """

    opened_at: datetime
    outcome: str  # forwarded, held, asked, refused or discarded
    thread_id: str = ""
    ambassador_id: str = ""
    source: str = ""
    first_words: int = 0
    reached_at: datetime | None = None  # when it came to the ambassador's mailbox
    candidate_turns: int = 1
    ambassador_turns: int = 0
    answered_at: datetime | None = None
    answered_by: str = ""  # the name of the ambassador or backup
    nudges: int = 0
    escalated_to: str = ""
    closed_at: datetime | None = None
    closed_why: str = ""
    stage: Stage = Stage.CONTACT  # the furthest one
    candidate_opinion: str = ""  # yes or no
    ambassador_opinion: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How often one kind of event happened to one ambassador.

    `key` tells events of a kind apart (the rules, the stage, the kind of mail); `amount` adds up
    words for mails and attempts for deliveries.
    """

    kind: str
    ambassador_id: str
    key: str
    number: int
    amount: int = 0
