"""The commands of one message in a conversation: who may give them, and the scene they play in."""

from __future__ import annotations

from dataclasses import replace

from relay.intake import pages, replies
from relay.intake.arrival import Arrival
from relay.intake.facts import Circle
from relay.intake.obey import known
from relay.intake.orders import Orders, found, says_more
from relay.intake.question import Question
from relay.intake.replies import Reply
from relay.intake.routing import Route, bound
from relay.intake.scene import Scene
from relay.intake.tongue import tongue
from relay.threads.parties import Talk
from screening.message import read
from storage.records.people import Side
from storage.records.threads import Thread


def orders_of(arrival: Arrival, route: Route) -> Orders:
    """The commands that count: all of an ambassador's; a candidate's if each of them is known.

    What is no command of theirs is taken for a candidate's own words.
    """
    orders = arrival.orders
    if route.side is Side.AMBASSADOR:
        return orders
    reached = not route.first_contact and known(orders.given, frozenset({Side.CANDIDATE}))
    return orders if reached else Orders()


def refusal(question: Question) -> Reply | None:
    """Why this author may not give commands with this message."""
    destination = question.pen.house.plan.read(question.address)
    proof = question.arrival.authentication
    if not proof.authenticated:
        return replies.UNDECIDED if proof.undecided else replies.NOT_PROVEN
    if destination is None or not bound(destination, question.arrival, question.pen.house.plan):
        return replies.NAME_THE_ADDRESS
    return None


def alone(question: Question) -> bool:
    """Whether nothing was written besides the commands."""
    speaker, message = question.route.speaker, question.arrival.message
    carries = any(
        not one.content_type.startswith("image/") and one.content_type != "text/calendar"
        for one in message.attachments
    )
    names = (speaker.display_name, speaker.role, question.pen.house.company)
    own = (*names, message.author.name, question.route.candidate.name)
    return not carries and not says_more(question.orders.left, own)


def scene_of(question: Question, thread: Thread) -> Scene:
    """The scene for the commands of this message, in the thread as it is by then."""
    route, facts, circle = question.route, question.facts, question.facts.circle or Circle()
    parties = circle.parties
    if parties is not None and thread.ambassador_id != parties.ambassador.id:
        parties = replace(parties, ambassador=route.speaker, backup=parties.ambassador)
    by_ambassador = route.side is Side.AMBASSADOR
    typed = tongue(question.orders.left)
    return Scene(
        address=question.arrival.message.author.address,
        settings=question.settings,
        pen=question.pen,
        language=typed if by_ambassador else route.candidate.language or typed,
        ambassador=route.speaker if by_ambassador else None,
        candidate=None if by_ambassador else route.candidate,
        here=Talk(thread, parties) if parties else None,
        own=circle.own if by_ambassador else (),
        theirs=() if by_ambassador else circle.theirs,
        held=() if by_ambassador else circle.held,
        colleagues=circle.colleagues,
        opened=circle.opened,
        claimed=facts.claimed,
        author_key=facts.author_key,
    )


def still_there(masked: bytes, orders: Orders) -> bool:
    """Whether the reader would see a command: then the message must not go."""
    seen = read(masked)
    lines = {line.strip() for line in (*seen.text.splitlines(), *pages.lines(seen.html))}
    return not lines.isdisjoint(orders.cut) or found(seen).given == orders.given
