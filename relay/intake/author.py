"""The author of a message, as whoever reads what we say about it."""

from __future__ import annotations

from relay.intake.question import Question
from relay.intake.tongue import tongue
from relay.masking.addresses import Guest, Peer
from relay.notices import Recipient
from relay.threads.reminders import first_name
from screening.addresses import Mailbox
from storage.records.people import Side


def author_of(question: Question) -> Recipient:
    """The author as the reader of a notice; an answer to it goes the way of the thread."""
    route, plan = question.route, question.pen.house.plan
    message = question.arrival.message
    if route.side is Side.AMBASSADOR:
        address = plan.write(Guest(route.thread.guest_token))
        shown, language = first_name(route.candidate.name), tongue(message.text)
    else:
        address = plan.write(Peer(route.ambassador.name, route.thread.peer_token))
        shown, language = first_name(route.ambassador.display_name), route.candidate.language
    return Recipient(
        message.author.address,
        language,
        route.side,
        route.thread.id,
        route.ambassador.id,
        Mailbox(address, shown),
        message.header("Message-ID").strip(),
    )


def other_of(question: Question) -> str:
    """The first name of the other side, as the author knows it."""
    route = question.route
    from_candidate = route.side is Side.CANDIDATE
    return first_name(route.ambassador.display_name if from_candidate else route.candidate.name)
