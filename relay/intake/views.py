"""What the reader of one relayed message may see of both sides."""

from __future__ import annotations

from config.settings import Names, TypedAddresses
from relay.intake.question import Question
from relay.masking.addresses import Guest, Peer, Public
from relay.masking.identity import Identity, gather
from relay.masking.values import View
from relay.threads.reminders import first_name
from screening.addresses import Mailbox
from storage.records.people import Side


def shown_name(name: str, side: Side, policy: Names) -> str:
    """What `privacy.names` leaves of a name where programs write it; never an address."""
    if policy is Names.HIDDEN or not name.strip():
        return "A candidate" if side is Side.CANDIDATE else "An ambassador"
    if policy is Names.FIRST:
        return first_name(name)
    return " ".join(word for word in name.split() if "@" not in word) or first_name(name)


def view_of(question: Question) -> View:
    """The view for the other side of the route. The masked addresses of each side are its own."""
    route, facts, plan = question.route, question.facts, question.pen.house.plan
    policy = question.settings.privacy.names
    candidate = route.candidate
    guest = plan.write(Guest(route.thread.guest_token))
    peer = plan.write(Peer(route.ambassador.name, route.thread.peer_token))
    public = plan.write(Public(route.ambassador.name))
    visitor = shown_name(candidate.name, Side.CANDIDATE, policy)
    colleague = shown_name(route.speaker.display_name, Side.AMBASSADOR, policy)
    if route.side is Side.CANDIDATE:
        author, reader = Mailbox(guest, visitor), Mailbox(public, colleague)
        former = (plan.write(Peer(name, route.thread.peer_token)) for name in facts.former)
        swapped = dict.fromkeys((peer, *former), public)
    else:
        author, reader = Mailbox(peer, colleague), Mailbox(candidate.address, visitor)
        swapped = {guest: candidate.address}
    typed = question.settings.privacy.typed_addresses
    return View(
        author=author,
        reader=reader,
        hidden=_identity(question, policy),
        swapped=swapped,
        message_id=f"<{question.pen.mint.token()}@{plan.domain}>",
        references=facts.references,
        last_known=facts.last_known,
        now=question.pen.now,
        domain=plan.domain,
        allow_typed=typed is TypedAddresses.ALLOW,
        trace=question.trace,
        cut=question.orders.cut,
    )


def _identity(question: Question, policy: Names) -> Identity:
    """All that could name the author: what is stored of them, and what this message says."""
    route, arrival = question.route, question.arrival
    if route.side is Side.CANDIDATE:
        known: tuple[str, ...] = (route.candidate.address,)
        names: tuple[str, ...] = (route.candidate.name,)
    else:
        known = (*route.ambassador.mailboxes, *route.speaker.mailboxes)
        names = (route.ambassador.display_name, route.speaker.display_name)
    envelope = arrival.envelope
    known = (*known, envelope.sender) if envelope.sender else known
    names = () if policy is Names.FULL else (*names, arrival.message.author.name)
    ours = question.pen.house.plan.domain
    return gather(arrival.raw, envelope.helo, envelope.client, known, names, ours=ours)
