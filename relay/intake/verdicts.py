"""An answer to a digest of held messages: one is approved or declined by whoever was asked."""

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
from relay.threads import review
from relay.threads.digest import decider
from relay.threads.waiting import Waiting
from storage.records.changes import Changes
from storage.records.once import Request
from storage.records.people import AmbassadorState

_APPROVE = frozenset({"approve", "freigeben"})
_DECLINE = frozenset({"decline", "ablehnen"})


def answered(arrival: Arrival, facts: Facts, settings: Settings, pen: Pen) -> Changes | Reply:
    """What the decision changes. Whoever was not asked learns as little as who comes too late."""
    request, held = facts.request, facts.waiting
    if request is None or held is None or not _was_asked(request, held, arrival, facts, settings):
        return replies.ANSWERED_BEFORE
    approved, _ = yes_or_no(typed(arrival.message), _APPROVE, _DECLINE)
    if approved is None:
        return replies.APPROVE_OR_DECLINE
    try:
        if approved:
            changes = review.approve(held, settings.followup, pen)
        else:
            changes = review.decline(held, "", pen)
    except review.NotDecidable:
        return replies.ANSWERED_BEFORE
    return changes + Changes(answered=(request.token,))


def _was_asked(
    request: Request, held: Waiting, arrival: Arrival, facts: Facts, settings: Settings
) -> bool:
    """Whether the author is the one who was asked, and still is one who decides."""
    author, asked, alex = arrival.message.author.address, decider(request), facts.author
    if same_mailbox(author, asked):
        own = any(same_mailbox(author, one) for one in settings.relay.moderators)
        return own or (alex is not None and alex.id == held.thread.ambassador_id)
    if alex is None or alex.state is AmbassadorState.REMOVED:
        return False
    mine = any(same_mailbox(asked, one) for one in alex.mailboxes)
    return mine and alex.id == held.thread.ambassador_id
