"""A doubt that one polite question can settle: who is asked, in which words, and if in vain."""

from __future__ import annotations

from config.settings import Policy
from relay.intake.author import author_of
from relay.intake.facts import ASKS, NOTICE_LIFETIME, notice_key
from relay.intake.question import Question
from relay.notices import Notice, write
from relay.threads.reminders import first_name
from relay.threads.states import ThreadEvent, advance
from relay.threads.waiting import waits_for_answer, was_doubted
from screening.case import Disposition
from screening.judge import sort_of
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.mail import OutboxItem, OutgoingState, Settled
from storage.records.once import Claim
from storage.records.people import Side
from storage.records.threads import ThreadState

_POINTED = frozenset({"student", "applicant"})  # for whom the careers page is the place
_IN_VAIN = _POINTED | {"vendor"}
_WEIGHED = frozenset({"model", "copies"})  # the rules that a decision without a person may rest on
_CAREERS = "careers"


def may_ask(question: Question) -> bool:
    """Whether its author is to be asked: once in a conversation, some times a day, if proven."""
    settings, facts = question.settings.screening, question.facts
    if not question.proven or not settings.ask_back or any(map(was_doubted, facts.held)):
        return False
    return _slot(question) is not None


def asks(question: Question) -> tuple[Notice, tuple[Claim, ...]]:
    """The question, and the claims that keep it from being sent too often. See may_ask."""
    slot = _slot(question)
    assert slot is not None
    now, key = question.pen.now, question.facts.author_key
    claim = Claim(notice_key(slot, key, now), now + NOTICE_LIFETIME)
    if not _is_pointed(question):
        return Notice("ask_back", {"ambassador": _alex(question)}), (claim,)
    pointer, once = _pointer(question, asks=True)
    return pointer, (claim, once)


def in_vain(question: Question) -> Changes | None:
    """What becomes of an answer by which a first contact is none that is welcome: both go nowhere,
    and their author is told kindly. None if there was no question, or a person is to decide."""
    waiting = tuple(item for item in question.facts.held if waits_for_answer(item))
    if question.route.side is not Side.CANDIDATE or not any(map(was_doubted, waiting)):
        return None
    if not question.proven or not _is_certain(question):
        return None
    notice = Notice("declined", {"ambassador": _alex(question), "reason": ""})
    claims: tuple[Claim, ...] = ()
    if _is_pointed(question):
        notice, once = _pointer(question, asks=False)
        claims = (once,)
    now, thread = question.pen.now, question.route.thread
    closes = thread.state is ThreadState.PENDING
    return Changes(
        threads=(advance(thread, ThreadEvent.CLOSED, now),) if closes else (),
        outgoing=(write(question.pen, notice, author_of(question)),),
        settled=tuple(
            Settled(one.outgoing.id, OutgoingState.DECLINED, now, was=OutgoingState.ASKED)
            for one in waiting
        ),
        events=(question.event(EventKind.LAPSED, why="answer"),),
        claims=claims,
    )


def waited(question: Question) -> tuple[OutboxItem, ...]:
    """What waited for this very message and goes before it, in its order."""
    if question.route.side is not Side.CANDIDATE:
        return ()
    return tuple(item for item in question.facts.held if waits_for_answer(item))


def _is_certain(question: Question) -> bool:
    verdict = question.verdict
    if verdict.disposition not in (Disposition.HOLD, Disposition.REJECT):
        return False
    if question.settings.screening.policy is not Policy.BALANCED:
        return False
    weighed = {one.rule for one in verdict.evidence} | _WEIGHED
    decided = {one.rule for one in verdict.findings if one.disposition >= Disposition.HOLD}
    return "model" in decided and decided <= weighed and sort_of(verdict.evidence) in _IN_VAIN


def _is_pointed(question: Question) -> bool:
    """Whether its author is to learn of the careers page, and has not today."""
    sort = sort_of(question.verdict.evidence)
    return sort in _POINTED and question.facts.may_notify(_CAREERS, question.pen.now)


def _pointer(question: Question, asks: bool) -> tuple[Notice, Claim]:
    url, now = question.settings.relay.careers_url or "", question.pen.now
    facts = {"ambassador": _alex(question), "careers": url, "asks": asks}
    key = notice_key(_CAREERS, question.facts.author_key, now)
    return Notice(_CAREERS, facts), Claim(key, now + NOTICE_LIFETIME)


def _slot(question: Question) -> str | None:
    return next((one for one in ASKS if question.facts.may_notify(one, question.pen.now)), None)


def _alex(question: Question) -> str:
    return first_name(question.route.ambassador.display_name)
