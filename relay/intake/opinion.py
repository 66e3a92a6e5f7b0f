"""One side's answer to "was it worth your time?": counted, and shown to nobody."""

from __future__ import annotations

from config.settings import Settings
from relay.intake import replies
from relay.intake.arrival import Arrival
from relay.intake.facts import Facts
from relay.intake.orders import typed
from relay.intake.replies import Reply
from relay.intake.routing import same_mailbox
from relay.intake.yes import yes_or_no
from relay.notices import Pen
from relay.threads import quiet
from relay.threads.events import happened
from relay.threads.parties import Parties
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.once import Claim
from storage.records.people import Side
from storage.records.screening import Taught
from storage.records.threads import Thread


def opined(side: Side, worth: bool, thread: Thread, settings: Settings, pen: Pen) -> Changes:
    """The answer, which counts once; the caller has seen to it that none was given before."""
    said = "yes" if worth else "no"
    event = happened(EventKind.OPINION, thread, pen, side=side.value, worth=said)
    once = Claim(quiet.opinion_key(thread.id, side), pen.now + settings.retention.threads)
    taught = (Taught(thread.id, worth),) if side is Side.AMBASSADOR else ()
    return Changes(events=(event,), claims=(once,), taught=taught)


def answered(arrival: Arrival, facts: Facts, settings: Settings, pen: Pen) -> Changes | Reply:
    """What the answer to our question changes; an unclear one is asked about once more."""
    request, thread, circle = facts.request, facts.thread, facts.circle
    if request is None or thread is None or circle is None or circle.parties is None:
        return Changes()
    word, _, before = request.note.partition(" ")
    side, gone = Side(word), Changes(answered=(request.token,))
    if not _was_asked(side, circle.parties, arrival, facts):
        return replies.NOT_YOUR_ADDRESS
    said, _ = yes_or_no(typed(arrival.message).removeprefix("/worth"))
    if said is None:
        asked = quiet.asked(side, thread, circle.parties, pen, again=True)
        return gone if before == quiet.AGAIN else gone + asked
    if quiet.opinion_key(thread.id, side) in facts.claimed:
        return gone
    return gone + opined(side, said, thread, settings, pen)


def _was_asked(side: Side, parties: Parties, arrival: Arrival, facts: Facts) -> bool:
    """Whether the author of this answer is the one on that side."""
    if side is Side.AMBASSADOR:
        return facts.author is not None and facts.author.id == parties.ambassador.id
    return same_mailbox(parties.candidate.address, arrival.message.author.address)
