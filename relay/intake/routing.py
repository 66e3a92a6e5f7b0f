"""Who writes to whom, in which thread: decided by the address token and the proven author alone."""

from __future__ import annotations

from dataclasses import dataclass

from relay.intake import replies
from relay.intake.arrival import Arrival
from relay.intake.facts import Facts
from relay.intake.replies import Reply
from relay.intake.tongue import tongue
from relay.masking.addresses import Destination, Guest, Peer, Plan, Public, Return
from screening.addresses import normal
from storage.mint import Mint
from storage.records.people import Ambassador, AmbassadorState, Candidate, Side
from storage.records.threads import Thread, ThreadState


@dataclass(frozen=True, slots=True)
class Route:
    """One message's way. A candidate or thread that is new has not been stored yet."""

    side: Side  # the author's
    ambassador: Ambassador  # whose thread it is
    speaker: Ambassador  # who speaks, or is written to, on the company's side
    candidate: Candidate
    thread: Thread

    @property
    def first_contact(self) -> bool:
        """Nothing of this candidate has reached the ambassador yet."""
        return self.thread.last_candidate_at is None


def route(
    destination: Destination, arrival: Arrival, facts: Facts, plan: Plan, mint: Mint
) -> Route | Reply:
    """The route of a message, or why there is none. Pure.

    Desk, postmaster and delivery reports do not come here. What is returned to a reverse path of
    ours by a person goes the way of the address that they should have used.
    """
    if plan.ours(arrival.message.author.address):
        return replies.OUR_OWN_SENDER
    side = _side(destination, facts)
    if side is None or facts.ambassador is None:
        return replies.NO_SUCH_ADDRESS
    if side is Side.AMBASSADOR:
        return _from_ambassador(destination, arrival, facts, plan)
    return _from_candidate(destination, arrival, facts, mint)


def _side(destination: Destination, facts: Facts) -> Side | None:
    if isinstance(destination, Return):
        return facts.returned.outgoing.to if facts.returned else None
    return Side.CANDIDATE if isinstance(destination, Public | Peer) else Side.AMBASSADOR


def _from_ambassador(
    destination: Destination, arrival: Arrival, facts: Facts, plan: Plan
) -> Route | Reply:
    thread, alex = facts.thread, facts.ambassador
    if thread is None or facts.candidate is None or alex is None:
        return replies.NO_SUCH_ADDRESS
    speaker = facts.author
    if speaker is None or speaker.id not in (alex.id, thread.backup_id):
        return replies.NOT_YOUR_ADDRESS
    if speaker.state is AmbassadorState.REMOVED:
        return replies.NOT_YOUR_ADDRESS
    if facts.candidate.stopped:
        return replies.ENDED
    if facts.candidate.suspended:
        return replies.COMES_BACK
    proof = arrival.authentication
    if not proof.authenticated:
        return replies.UNDECIDED if proof.undecided else replies.NOT_PROVEN
    guest = Guest(thread.guest_token)  # what a machine answers to a reverse path names this one
    if not (bound(destination, arrival, plan) or bound(guest, arrival, plan)):
        return replies.NAME_THE_ADDRESS
    return Route(Side.AMBASSADOR, alex, speaker, facts.candidate, thread)


def bound(destination: Destination, arrival: Arrival, plan: Plan) -> bool:
    """Whether what proves the author proves as well that they wrote to this destination.

    Anybody who ever got a signed message can send it again to another address; the signature
    proves who wrote it, and only a signed To or Cc proves to whom. SPF proves who sends it now.
    """
    if arrival.authentication.trusted or arrival.authentication.spf_aligned:
        return True
    proof = arrival.authentication.proof
    wanted = plan.write(destination).lower()
    return proof is not None and any(
        wanted in value.lower()
        for name in ("To", "Cc")
        if name.lower() in proof.signed
        for value in arrival.message.all(name)
    )


def _from_candidate(
    destination: Destination, arrival: Arrival, facts: Facts, mint: Mint
) -> Route | Reply:
    alex, candidate = facts.ambassador, facts.candidate
    if alex is None:
        return replies.NO_SUCH_ADDRESS
    if alex.state is AmbassadorState.REMOVED:
        return replies.GONE
    if facts.author is not None and facts.author.id == alex.id:
        return replies.OWN_ADDRESS
    if isinstance(destination, Public):
        candidate = candidate or _new_candidate(arrival, mint)
    else:
        named = isinstance(destination, Return) or _named(destination, alex, facts.former)
        if facts.thread is None or candidate is None or not named:
            return replies.NO_SUCH_ADDRESS
        if not same_mailbox(candidate.address, arrival.message.author.address):
            return replies.NOT_YOUR_ADDRESS
    proof = arrival.authentication
    if candidate.proven and not proof.authenticated:
        return replies.UNDECIDED if proof.undecided else replies.ONCE_PROVEN
    source = destination.source if isinstance(destination, Public) else ""
    thread = facts.thread or _new_thread(alex, candidate, source, arrival, mint)
    return Route(Side.CANDIDATE, alex, alex, candidate, thread)


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox, as practically every server sees it: in any case."""
    return normal(one).casefold() == normal(other).casefold()


def _named(destination: Destination, ambassador: Ambassador, former: tuple[str, ...]) -> bool:
    """Whether the address bears the name of whoever answers now, or did before."""
    return isinstance(destination, Peer) and destination.name in (ambassador.name, *former)


def _new_candidate(arrival: Arrival, mint: Mint) -> Candidate:
    author = arrival.message.author
    language = tongue(arrival.message.text)
    return Candidate(mint.id(arrival.at), normal(author.address), author.name, arrival.at, language)


def _new_thread(
    ambassador: Ambassador, candidate: Candidate, source: str, arrival: Arrival, mint: Mint
) -> Thread:
    now = arrival.at
    return Thread(
        id=mint.id(now),
        ambassador_id=ambassador.id,
        candidate_id=candidate.id,
        peer_token=mint.token(),
        guest_token=mint.token(),
        state=ThreadState.PENDING,
        since=now,
        opened_at=now,
        source=source,
    )
