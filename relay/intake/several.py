"""One answer to DATA for several recipients, and what it leaves to be told by mail. No I/O."""

from __future__ import annotations

from collections.abc import Sequence

from relay.intake import replies
from relay.intake.arrival import Arrival
from relay.intake.facts import NOTICE_LIFETIME, notice_key
from relay.intake.replies import Reply
from relay.notices import Notice, Pen, Recipient, write
from screening.case import Case
from screening.rules.automatic import automatic
from storage.records.changes import Changes
from storage.records.once import Claim


def summed(answers: Sequence[Reply]) -> Reply:
    """Later for all if for one, else yes if to one of them, else the first refusal."""
    for reply in answers:
        if reply.temporary:
            return reply
    refused = [reply for reply in answers if not reply.accepted]
    return refused[0] if len(refused) == len(answers) else replies.ACCEPTED


def untold(arrival: Arrival, answers: Sequence[Reply]) -> Reply | None:
    """The refusal that a 250 hides and its author should know of.

    None if there is none, if nobody proves who the author is, or if it was written by a machine.
    """
    refused = [one for one in answers if not one.accepted and one != replies.OWN_ADDRESS]
    if not refused or not summed(answers).accepted or not arrival.authentication.authenticated:
        return None
    if automatic(Case(arrival.message, arrival.envelope, arrival.authentication)):
        return None
    return refused[0]


def told(arrival: Arrival, reply: Reply, author_key: str, pen: Pen) -> Changes:
    """The mail that says so; the claim keeps it to one a day."""
    notice = Notice("refused_here", {"reason": reply.text})
    key = notice_key("refused_here", author_key, pen.now)
    return Changes(
        outgoing=(write(pen, notice, Recipient(arrival.message.author.address)),),
        claims=(Claim(key, pen.now + NOTICE_LIFETIME),),
    )
