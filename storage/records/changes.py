"""What one decision writes."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.events import Event
from storage.records.mail import Outgoing, Settled
from storage.records.once import Claim, Request
from storage.records.people import Ambassador, Block, Candidate
from storage.records.screening import Due, Lesson, Likeness, Taught
from storage.records.threads import MessageIds, Thread


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
    likenesses: tuple[Likeness, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    taught: tuple[Taught, ...] = ()
    digests: tuple[Due, ...] = ()

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
            self.likenesses + other.likenesses,
            self.lessons + other.lessons,
            self.taught + other.taught,
            self.digests + other.digests,
        )
