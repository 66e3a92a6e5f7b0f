"""Route and verdict to a decision: the reply, and all that is to be written. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from relay.intake import replies
from relay.intake.budgets import thread_meter
from relay.intake.facts import received_key, signature_keys
from relay.intake.question import Question
from relay.intake.replies import Reply
from relay.intake.standing import Standing, stand
from relay.intake.told import tell
from relay.intake.views import view_of
from relay.masking.mask import mask
from relay.masking.values import Masked, Unmaskable, View
from relay.threads.followup import schedule
from relay.threads.review import GATE
from relay.threads.states import ThreadEvent, advance
from screening.case import Disposition
from storage.records import (
    Candidate,
    Changes,
    Claim,
    Event,
    EventKind,
    MessageIds,
    Outgoing,
    OutgoingKind,
    OutgoingState,
    Settled,
    Side,
    Thread,
)

REMEMBER_RECEIVED = timedelta(days=1)
REMEMBER_SIGNATURE = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the client is told, and what is written before it is told."""

    reply: Reply
    changes: Changes = field(default_factory=Changes)


def decide(question: Question) -> Decision:
    """The decision on one message to one destination (pure; the pen brings time and fresh ids)."""
    disposition = question.verdict.disposition
    if disposition in (Disposition.REJECT, Disposition.DEFER):
        return _refuse(question, replies.refused(question.verdict.findings[0]))
    if disposition is Disposition.DISCARD:
        rule = question.verdict.findings[0].rule
        seen = question.event(EventKind.AUTOMATIC, rule=rule)
        return Decision(replies.ACCEPTED, Changes(events=(seen,)))
    view = view_of(question)
    try:
        masked = mask(question.arrival.raw, view)
    except Unmaskable as why:
        return _refuse(question, replies.unmaskable(str(why)))
    return _take(question, view, masked)


def _refuse(question: Question, reply: Reply) -> Decision:
    """A refusal leaves a trace in the report, unless it is for now only."""
    if reply.temporary:
        return Decision(reply)
    rules = ",".join(finding.rule for finding in question.verdict.findings) or "masking"
    refused = question.event(EventKind.REFUSED, rules=rules)
    return Decision(reply, Changes(events=(refused,)))


def _take(question: Question, view: View, masked: Masked) -> Decision:
    standing = stand(question, view, masked)
    route, told = question.route, tell(question, masked, standing)
    theirs = question.arrival.message.header("Message-ID").strip()
    ids = MessageIds(route.thread.id, route.side, theirs, view.message_id, question.pen.now)
    changes = Changes(
        candidates=_candidate(question),
        threads=(_moved(question, standing),),
        message_ids=(ids,) if theirs else (),
        outgoing=(_outgoing(question, masked, standing), *told.mails),
        settled=_released(question) if standing.goes else (),
        events=_events(question, standing),
        claims=(*_claims(question), *told.claims),
        hits=_hits(question),
    )
    return Decision(replies.ACCEPTED, changes)


def _outgoing(question: Question, masked: Masked, standing: Standing) -> Outgoing:
    route, now, mint = question.route, question.pen.now, question.pen.mint
    to_ambassador = route.side is Side.CANDIDATE
    return Outgoing(
        id=mint.id(now),
        kind=OutgoingKind.RELAYED,
        recipient=route.speaker.mailbox if to_ambassador else route.candidate.address,
        content=masked.content,
        created_at=now,
        to=route.side.other,
        thread_id=route.thread.id,
        ambassador_id=route.ambassador.id,
        return_token=mint.token(),
        smtputf8=masked.smtputf8,
        state=standing.state,
        expires_at=None if standing.goes else now + question.settings.screening.hold_expires,
        reasons=standing.reasons,
    )


def _moved(question: Question, standing: Standing) -> Thread:
    route, now = question.route, question.pen.now
    if not standing.goes:
        return advance(route.thread, ThreadEvent.HELD, now)
    wrote = (
        ThreadEvent.CANDIDATE_WROTE
        if route.side is Side.CANDIDATE
        else ThreadEvent.AMBASSADOR_WROTE
    )
    moved = advance(route.thread, wrote, now)
    return schedule(moved, route.ambassador, question.settings.followup)


def _candidate(question: Question) -> tuple[Candidate, ...]:
    """The candidate as now known, if that is news."""
    known = question.route.candidate
    if question.route.side is Side.AMBASSADOR:
        return ()
    now = replace(known, proven=known.proven or question.proven)
    return (now,) if now != known or question.facts.candidate is None else ()


def _released(question: Question) -> tuple[Settled, ...]:
    """What waited for this answer goes with it."""
    now = question.pen.now
    return tuple(
        Settled(item.outgoing.id, OutgoingState.QUEUED, now, next_try=now)
        for item in question.facts.held
        if item.outgoing.state is OutgoingState.ASKED and question.route.side is Side.CANDIDATE
    )


def _events(question: Question, standing: Standing) -> tuple[Event, ...]:
    """What the report will know of this message."""
    from_candidate = question.route.side is Side.CANDIDATE
    words = str(len(question.arrival.message.text.split()))
    rules = ",".join(reason.rule for reason in standing.reasons)
    events = []
    if question.new_thread:
        source = question.route.thread.source
        outcome = "forwarded" if standing.goes else standing.state.value
        contacted = question.event(EventKind.CONTACTED, outcome=outcome, source=source, words=words)
        events.append(contacted)
    if standing.goes and from_candidate:
        events.append(question.event(EventKind.CANDIDATE_WROTE, words=words))
    elif standing.goes:
        by = question.route.speaker.name
        events.append(question.event(EventKind.AMBASSADOR_WROTE, words=words, by=by))
    elif standing.state is OutgoingState.ASKED:
        events.append(question.event(EventKind.ASKED_BACK, rules=rules))
    else:
        caught = any(reason.rule == GATE for reason in standing.reasons)
        kind = EventKind.LEAK_CAUGHT if caught else EventKind.HELD
        events.append(question.event(kind, rules=rules))
    return tuple(events)


def _claims(question: Question) -> tuple[Claim, ...]:
    arrival, address, now = question.arrival, question.address, question.pen.now
    received = Claim(received_key(arrival, address), now + REMEMBER_RECEIVED)
    signed = signature_keys(arrival, address)
    return (received, *(Claim(key, now + REMEMBER_SIGNATURE) for key in signed))


def _hits(question: Question) -> tuple[str, ...]:
    """What it counts for: its thread may be new, and was then not known when the facts were."""
    return (*question.facts.meters, thread_meter(question.route.thread, question.route.side))
