"""A candidate's answer to "may you be recommended?": nothing is passed on without a yes."""

from __future__ import annotations

from config.settings import Settings
from relay.intake import replies
from relay.intake.arrival import Arrival
from relay.intake.facts import NOTICE_LIFETIME, Facts, notice_key
from relay.intake.orders import typed
from relay.intake.replies import Reply
from relay.intake.routing import same_mailbox
from relay.intake.yes import yes_or_no
from relay.masking.addresses import Desk
from relay.notices import Notice, Pen, Recipient, write
from relay.threads.parties import Parties
from relay.threads.reminders import first_name, to_ambassador, to_candidate
from relay.threads.stages import reach
from screening.addresses import Mailbox
from storage.records.changes import Changes
from storage.records.mail import Outgoing
from storage.records.once import Claim, Request
from storage.records.threads import Stage, Thread

_AGAIN = "recommend_again"


def answered(arrival: Arrival, facts: Facts, settings: Settings, pen: Pen) -> Changes | Reply:
    """What the answer changes. What is neither yes nor no is asked about once more a day."""
    request, thread, circle = facts.request, facts.thread, facts.circle
    if request is None or thread is None or circle is None or circle.parties is None:
        return Changes()
    if not same_mailbox(circle.parties.candidate.address, arrival.message.author.address):
        return replies.NOT_YOUR_ADDRESS
    said, words = yes_or_no(typed(arrival.message))
    if said:
        told = _recommendation(request, thread, circle.parties, words, settings, pen)
        reached = reach(thread, Stage.RECOMMENDED, pen)
        return Changes(outgoing=told, answered=(request.token,)) + reached
    if said is False:
        return Changes(answered=(request.token,))
    if not facts.may_notify(_AGAIN, pen.now):
        return replies.YES_OR_NO
    once = Claim(notice_key(_AGAIN, facts.author_key, pen.now), pen.now + NOTICE_LIFETIME)
    again = Notice("recommend_consent", {"again": True})
    asks = Mailbox(pen.house.plan.write(Desk(request.token)), pen.house.company)
    asked = to_candidate(again, thread, circle.parties, pen, asks)
    return Changes(outgoing=asked, claims=(once,))


def _recommendation(
    request: Request, thread: Thread, parties: Parties, words: str, settings: Settings, pen: Pen
) -> tuple[Outgoing, ...]:
    """One mail to each of the hiring team, and a word to the ambassador."""
    alex, dana = parties.ambassador, parties.candidate
    facts = {
        "ambassador": alex.display_name,
        "candidate": " ".join(word for word in dana.name.split() if "@" not in word),
        "address": dana.address,
        "thread": thread.id,
        "note": request.note,
        "words": words,
    }
    team = tuple(
        write(pen, Notice("recommendation", facts), Recipient(one))
        for one in settings.relay.hiring_team
    )
    told = Notice("recommended", {"candidate": first_name(dana.name)})
    return (*team, to_ambassador(told, thread, parties, pen))
