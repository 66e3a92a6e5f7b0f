"""Mail to the desk: the same commands as at the top of an answer, with or without the slash."""

from __future__ import annotations

import re

from config.settings import Settings
from relay.intake.arrival import Arrival
from relay.intake.facts import Circle, Facts
from relay.intake.obey import COMMANDS, not_known, obey
from relay.intake.orders import Head, Order, heads
from relay.intake.replies import Reply
from relay.intake.scene import Scene
from relay.intake.tongue import tongue
from relay.notices import Pen
from screening.message import Message
from storage.records.changes import Changes

LONGEST = 1000  # characters of a command
_FORGET_ME = re.compile(r"/?\s?(?:vergiss|vergesst|vergessen sie) mich\b", re.IGNORECASE)


def ask(arrival: Arrival, facts: Facts, settings: Settings, pen: Pen) -> Changes | Reply:
    """Carries out what stands on the first lines; what is not known is answered with the list.

    Only for authors who are proven; the caller sees to it.
    """
    scene = _scene(arrival, facts, settings, pen)
    orders = _orders(arrival.message)
    obeyed = obey(orders, scene) if orders else not_known(scene)
    return obeyed.refusal or obeyed.changes


def _orders(message: Message) -> tuple[Order, ...]:
    """The first line, and those after it that are commands as well; the subject if all is empty."""
    lines = heads(message) or (Head((message.header("Subject").strip(),)),)
    first, *others = [_order(line) for line in lines]
    if not first.word:
        return ()
    more = []
    for order in others:
        if order.word not in COMMANDS:
            break
        more.append(order)
    return (first, *more)


def _order(line: Head) -> Order:
    text = " ".join(line.lines)
    if _FORGET_ME.match(text):
        return Order("forget", "me", line.unclear)
    word, _, words = text[:LONGEST].lstrip("/ ").partition(" ")
    unclear = line.unclear or len(text) > LONGEST
    return Order(word.lower().strip(".!,:"), " ".join(words.split()), unclear)


def _scene(arrival: Arrival, facts: Facts, settings: Settings, pen: Pen) -> Scene:
    circle = facts.circle or Circle()
    stored = facts.candidate.language if facts.candidate else ""
    return Scene(
        address=arrival.message.author.address,
        settings=settings,
        pen=pen,
        language=stored or tongue(arrival.message.text),
        ambassador=facts.author,
        candidate=facts.candidate,
        own=circle.own,
        theirs=circle.theirs,
        held=circle.held,
        colleagues=circle.colleagues,
        opened=circle.opened,
        claimed=facts.claimed,
        author_key=facts.author_key,
    )
