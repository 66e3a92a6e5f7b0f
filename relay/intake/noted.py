"""What the report will know of a message: who wrote when and how much, never what."""

from __future__ import annotations

from relay.intake.question import Question
from relay.intake.standing import Standing
from storage.records.events import Event, EventKind
from storage.records.mail import OutgoingState
from storage.records.people import Side


def events_of(question: Question, standing: Standing) -> tuple[Event, ...]:
    """The events of one message that was taken."""
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
        kind = EventKind.LEAK_CAUGHT if standing.caught else EventKind.HELD
        events.append(question.event(kind, rules=rules))
    return tuple(events)
