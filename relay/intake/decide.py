"""Route and verdict to a decision: the reply, and all that is to be written. No I/O."""

from __future__ import annotations

from dataclasses import replace

from relay.intake import asking, commanded, replays, replies
from relay.intake.away import absent
from relay.intake.budgets import thread_meter
from relay.intake.decision import Decision as Decision
from relay.intake.full import no_room
from relay.intake.learning import remembered
from relay.intake.noted import events_of
from relay.intake.obey import Obeyed, latest, obey
from relay.intake.orders import typed
from relay.intake.own_address import asks
from relay.intake.question import Question
from relay.intake.replies import Reply
from relay.intake.rsvp import answered
from relay.intake.standing import Standing, stand
from relay.intake.thanks import bare_thanks
from relay.intake.told import tell
from relay.intake.views import view_of
from relay.masking.mask import mask
from relay.masking.values import Masked, Unmaskable, View
from relay.threads.digest import falls_due
from relay.threads.followup import schedule
from relay.threads.handover import taken_over
from relay.threads.review import APART, in_order
from relay.threads.states import ThreadEvent, advance, takes
from screening.case import Disposition
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.mail import Outgoing, OutgoingKind, OutgoingState
from storage.records.people import Candidate, Side
from storage.records.threads import MessageIds, Thread


def decide(question: Question) -> Decision:
    """The decision on one message to one destination (pure; the pen brings time and fresh ids)."""
    in_vain = asking.in_vain(question)
    if in_vain is not None:
        return Decision(replies.ACCEPTED, in_vain + _taken(question))
    disposition = question.verdict.disposition
    if disposition in (Disposition.REJECT, Disposition.DEFER):
        return _refuse(question, replies.refused(question.verdict.findings[0]))
    if disposition is Disposition.DISCARD:
        return _by_machine(question)
    if question.first_word and not question.facts.room.free:
        return no_room(question)
    if question.orders.given:
        forbidden = commanded.refusal(question)
        if forbidden is not None:
            return Decision(forbidden)
        if commanded.alone(question):
            scene = commanded.scene_of(question, question.route.thread)
            obeyed = obey(question.orders.given, scene, question.orders.left)
            return _done(question, obeyed, Changes())
    view = view_of(question)
    try:
        masked = mask(question.arrival.raw, view)
    except Unmaskable as why:
        return _refuse(question, replies.unmaskable(str(why)))
    return _take(question, view, masked)


def _by_machine(question: Question) -> Decision:
    """It goes no further; but an absence and an answer to an invitation have consequences."""
    finding = question.verdict.findings[0]
    seen = question.event(EventKind.AUTOMATIC, rule=finding.rule)
    if question.first_word:
        # Nobody waits for it here, and a person who was taken for a machine has to learn of it.
        return Decision(replies.refused(finding), Changes(events=(seen,)))
    changes = answered(question)
    if changes == Changes():
        changes = absent(question)
    once = _taken(question) if changes != Changes() else Changes()
    return Decision(replies.ACCEPTED, Changes(events=(seen,)) + changes + once)


def _refuse(question: Question, reply: Reply) -> Decision:
    """A refusal leaves a trace in the report, unless it is for now only."""
    if reply.temporary:
        return Decision(reply)
    rules = ",".join(finding.rule for finding in question.verdict.findings) or "masking"
    refused = question.event(EventKind.REFUSED, rules=rules, source=question.route.thread.source)
    return Decision(reply, Changes(events=(refused,)))


def _take(question: Question, view: View, masked: Masked) -> Decision:
    standing = stand(question, view, masked)
    route, told = question.route, tell(question, masked, standing)
    theirs = question.arrival.message.header("Message-ID").strip()
    ids = MessageIds(route.thread.id, route.side, theirs, view.message_id, question.pen.now)
    moved, sent = _moved(question, standing), _outgoing(question, masked, standing)
    carried = Changes(
        candidates=_candidate(question),
        threads=(moved,),
        message_ids=(ids,) if theirs else (),
        outgoing=(sent, *told.mails),
        settled=in_order(asking.waited(question), question.pen) if standing.goes else (),
        events=events_of(question, standing),
        claims=told.claims,
    )
    carried += remembered(question)
    if standing.state is OutgoingState.HELD and not standing.caught:
        carried += Changes(
            digests=(falls_due(route.ambassador, question.settings, question.pen.now),)
        )
    if standing.written:
        carried += asks(question, standing.written, masked, sent)
    if not question.orders.given or standing.caught:
        return Decision(replies.ACCEPTED, carried + _taken(question))
    if commanded.still_there(masked.content, question.orders):
        return Decision(replies.NOT_TAKEN_OUT)
    scene = commanded.scene_of(question, moved)
    obeyed = obey(question.orders.given, scene, question.orders.left)
    return _done(question, obeyed, carried)


def _done(question: Question, obeyed: Obeyed, carried: Changes) -> Decision:
    """The commands were obeyed or refused; `carried` is what else the message is to bring."""
    if obeyed.refusal:
        return Decision(obeyed.refusal)
    if obeyed.passes_on:
        return Decision(replies.ACCEPTED, latest(carried + obeyed.changes) + _taken(question))
    return Decision(replies.ACCEPTED, obeyed.changes + _taken(question))


def _outgoing(question: Question, masked: Masked, standing: Standing) -> Outgoing:
    route, now, mint = question.route, question.pen.now, question.pen.mint
    to_ambassador = route.side is Side.CANDIDATE
    before = len(asking.waited(question))
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
        next_try=now + before * APART if before else None,
        expires_at=None if standing.goes else now + question.settings.screening.hold_expires,
        reasons=standing.reasons,
    )


def _moved(question: Question, standing: Standing) -> Thread:
    route, now, followup = question.route, question.pen.now, question.settings.followup
    if not standing.goes:
        return advance(route.thread, ThreadEvent.HELD, now)
    if route.side is Side.AMBASSADOR:
        answered = advance(route.thread, ThreadEvent.AMBASSADOR_WROTE, now)
        stands_in = route.speaker.id != route.ambassador.id
        kept = taken_over(answered, route.speaker) if stands_in else answered
        return schedule(kept, route.speaker, followup)
    wrote = ThreadEvent.THANKED if _only_thanks(question) else ThreadEvent.CANDIDATE_WROTE
    return schedule(advance(route.thread, wrote, now), route.ambassador, followup)


def _only_thanks(question: Question) -> bool:
    """Whether the candidate says thanks for an answer and nothing else: it starts no clock."""
    route, message = question.route, question.arrival.message
    if not takes(route.thread, ThreadEvent.THANKED) or message.attachments:
        return False
    names = (route.candidate.name, route.ambassador.display_name, message.author.name)
    return bare_thanks(typed(message), names)


def _candidate(question: Question) -> tuple[Candidate, ...]:
    """The candidate as now known, if that is news."""
    known = question.route.candidate
    if question.route.side is Side.AMBASSADOR:
        return ()
    proven = known.proven or question.proven
    news = proven != known.proven or known.stopped or known.failures
    if not news and question.facts.candidate is not None:
        return ()
    return (replace(known, proven=proven, stopped=False, failures=0),)


def _taken(question: Question) -> Changes:
    """The message counts, and the same or its signature does nothing a second time."""
    arrival, address, now = question.arrival, question.address, question.pen.now
    # Its thread may be new, and was then not known when the facts were.
    in_thread = thread_meter(question.route.thread, question.route.side)
    once = replays.once(arrival, address, now)
    return Changes(claims=once, hits=(*question.facts.meters, in_thread))
