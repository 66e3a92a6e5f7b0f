"""A message between the two sides of a thread: route, screen, decide. No I/O."""

from __future__ import annotations

from dataclasses import replace

from config.settings import Settings
from relay.intake import replays, replies
from relay.intake.arrival import Arrival
from relay.intake.commanded import orders_of
from relay.intake.decide import Decision, decide
from relay.intake.facts import Facts
from relay.intake.question import Question
from relay.intake.replies import Reply
from relay.intake.routing import Route, route
from relay.intake.together import together
from relay.masking.addresses import Destination
from relay.masking.providers import public
from relay.notices import Pen
from relay.threads.reminders import first_name
from relay.threads.unreachable import heard_from
from relay.threads.waiting import waits_for_answer, was_doubted
from screening.case import Addressee, Case, Disposition, Verdict
from screening.message import read
from screening.screen import screen
from storage.records.people import Ambassador, Side


def converse(
    destination: Destination,
    arrival: Arrival,
    facts: Facts,
    settings: Settings,
    pen: Pen,
    trace: str,
) -> Decision:
    """The decision on one message to one destination; the same message again is only answered."""
    address = pen.house.plan.write(destination)
    if replays.had_before(arrival, address, facts.claimed):
        return Decision(replies.ACCEPTED)
    way = route(destination, arrival, facts, pen.house.plan, pen.mint)
    if isinstance(way, Reply):
        return Decision(way)
    verdict = _verdict(_case(address, arrival, facts, way, settings, pen), facts)
    waits = _waits(facts, verdict)
    if waits is not None:
        return Decision(waits)
    orders = orders_of(arrival, way)
    question = Question(address, arrival, way, facts, verdict, settings, pen, trace, orders)
    decision = decide(question)
    if way.side is Side.CANDIDATE or not decision.reply.accepted:
        return decision
    return replace(decision, changes=heard_from(way.speaker, decision.changes))


def _verdict(case: Case, facts: Facts) -> Verdict:
    """What becomes of it. An answer to a question of ours is judged with what was said before."""
    waiting = [item for item in facts.held if waits_for_answer(item) and item.outgoing.content]
    if not case.first_contact or not waiting:
        return screen(case)
    alone = screen(case)
    if alone.disposition >= Disposition.DISCARD and not alone.evidence:
        return alone  # by its form, whatever it says
    message = together([read(one.outgoing.content) for one in waiting], case.message)
    history = replace(case.history, asked_before=any(map(was_doubted, waiting)))
    return _by_a_person(screen(replace(case, message=message, history=history)))


def _by_a_person(verdict: Verdict) -> Verdict:
    """The verdict on an answer to a question: words alone make nobody a machine who was asked."""
    if verdict.disposition is not Disposition.DISCARD:
        return verdict
    findings = (
        replace(one, disposition=min(one.disposition, Disposition.HOLD)) for one in verdict.findings
    )
    return replace(verdict, disposition=Disposition.HOLD, findings=tuple(findings))


def _waits(facts: Facts, verdict: Verdict) -> Reply | None:
    """Why a message that is neither a machine's nor a forgery is not taken (now)."""
    if verdict.disposition in (Disposition.REJECT, Disposition.DISCARD):
        return None
    if facts.repeated:
        return replies.REPEATED
    return replies.wait(facts.exhausted) if facts.exhausted else None


def company_of(alex: Ambassador) -> tuple[str, ...]:
    """The domains of an ambassador's mailboxes, but for those that are open to everybody."""
    domains = dict.fromkeys(box.rpartition("@")[2].lower() for box in alex.mailboxes)
    return tuple(domain for domain in domains if not public(domain))


def _case(
    address: str, arrival: Arrival, facts: Facts, way: Route, settings: Settings, pen: Pen
) -> Case:
    from_candidate = way.side is Side.CANDIDATE
    alex = way.ambassador
    return Case(
        message=arrival.message,
        envelope=arrival.envelope,
        authentication=arrival.authentication,
        policy=settings.screening.policy,
        require_auth=settings.screening.require_auth,
        first_contact=from_candidate and way.first_contact,
        from_ambassador=not from_candidate,
        addressee=Addressee(first_name(alex.display_name), alex.topics, address),
        history=replace(facts.history, copies=facts.first.copies),
        domain=pen.house.plan.domain,
        company=company_of(alex),
        correction=facts.first.correction,
        scanned=arrival.scanned,
    )
