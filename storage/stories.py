"""What became of each first contact, put together from the events by the database itself.

A report is about hundreds of thousands of events; only what they add up to leaves the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, select

from storage.columns import EPOCH
from storage.database import Connection
from storage.details import Word
from storage.records.events import EventKind
from storage.records.threads import Stage
from storage.schema import events

_PAGE = 2000  # rows; what is in memory at a time
_STAMP = 16  # digits of a time in microseconds, from 2001 to 2286

# The steps of a conversation that events tell of, in their order.
STAGES = (Stage.COFFEE, Stage.RECOMMENDED, Stage.INTERVIEWING, Stage.HIRED)


class Story(NamedTuple):
    """What became of one first contact, as far as the events of a period tell.

    A tuple, and its times are whole microseconds since 1970 (`moment` gives the datetime), because
    a report goes through a hundred thousand of them in a second. The first contact is the
    candidate's first turn. Nobody was reached where it was refused, or is still held.
    """

    opened: int
    outcome: str  # forwarded, held, asked or refused
    ambassador_id: str = ""
    source: str = ""
    unread_words: int = 0  # of a first contact that was not forwarded at once
    reached: int | None = None  # when it came to the ambassador's mailbox
    candidate_turns: int = 1
    ambassador_turns: int = 0
    answered: int | None = None
    answered_by: str = ""  # the name of the ambassador or backup; only of escalated ones
    nudges: int = 0
    escalated_to: str = ""
    closed: int | None = None  # without an answer, and not written to again
    closed_why: str = ""
    stage: int = 0  # the number of the last one of STAGES, from 1


def moment(microseconds: int) -> datetime:
    """A time of a story, in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


def _of(kind: EventKind, found: sa.Function[Any]) -> ColumnElement[Any]:
    """The aggregate over a thread's events of this kind."""
    # Written into the statement: SQLite takes twice as long to compare with a parameter.
    return found.filter(events.c.kind == sa.literal(kind, literal_execute=True))


def _first(kind: EventKind) -> ColumnElement[Any]:
    return _of(kind, func.min(_AT))


def _last(kind: EventKind) -> ColumnElement[Any]:
    return _of(kind, func.max(_AT))


def _number(kind: EventKind) -> ColumnElement[Any]:
    return _of(kind, func.count())


def _word(kind: EventKind, name: str) -> ColumnElement[Any]:
    return _of(kind, func.max(Word(events.c.detail, name)))


_AT = sa.type_coerce(events.c.at, sa.BigInteger)
_WITHIN = (events.c.at >= sa.bindparam("since"), events.c.at < sa.bindparam("until"))
_TELLING = (
    EventKind.STAGE_REACHED,
    EventKind.CONTACTED,
    EventKind.APPROVED,
    EventKind.CANDIDATE_WROTE,
    EventKind.AMBASSADOR_WROTE,
    EventKind.NUDGED,
    EventKind.ESCALATED,
    EventKind.CLOSED,
)
_NUMBERED = {stage.value: number for number, stage in enumerate(STAGES, 1)}
_STAGE = func.max(sa.case(_NUMBERED, value=Word(events.c.detail, "stage")))
# A time before its detail, so that the detail of the first answer is in the smallest of the texts.
_ANSWER = func.min(sa.cast(_AT, sa.String).concat(events.c.detail))

_TOLD = (
    select(
        _first(EventKind.CONTACTED).label("opened"),
        _word(EventKind.CONTACTED, "outcome").label("outcome"),
        _of(EventKind.CONTACTED, func.max(events.c.ambassador_id)).label("ambassador_id"),
        _word(EventKind.CONTACTED, "source").label("source"),
        _word(EventKind.CONTACTED, "words").label("words"),
        _first(EventKind.APPROVED).label("approved"),
        _first(EventKind.CANDIDATE_WROTE).label("wrote"),
        _last(EventKind.CANDIDATE_WROTE).label("wrote_last"),
        _number(EventKind.CANDIDATE_WROTE).label("mails"),
        _first(EventKind.AMBASSADOR_WROTE).label("answered"),
        _number(EventKind.AMBASSADOR_WROTE).label("answers"),
        _of(EventKind.AMBASSADOR_WROTE, _ANSWER).label("answer"),
        _number(EventKind.NUDGED).label("nudges"),
        _word(EventKind.ESCALATED, "to").label("escalated_to"),
        _last(EventKind.CLOSED).label("closed"),
        _word(EventKind.CLOSED, "why").label("why"),
        _of(EventKind.STAGE_REACHED, _STAGE).label("stage"),
    )
    .where(*_WITHIN, events.c.thread_id.is_not(sa.null()), events.c.kind.in_(_TELLING))
    .group_by(events.c.thread_id)
    .subquery()
    .c
)
_FORWARDED = _TOLD.outcome == "forwarded"
_LET_IN = sa.case(
    (_TOLD.approved < _TOLD.wrote, _TOLD.approved), else_=func.coalesce(_TOLD.wrote, _TOLD.approved)
)
_ENDED = sa.and_(
    _TOLD.answered.is_(sa.null()),
    sa.or_(_TOLD.wrote_last.is_(sa.null()), _TOLD.wrote_last <= _TOLD.closed),
)
_HELPER = Word(func.substr(_TOLD.answer, _STAMP + 1), "by")

# In the order of a story's fields.
_STORIES: sa.Select[*tuple[Any, ...]] = select(
    _TOLD.opened,
    _TOLD.outcome,
    func.coalesce(_TOLD.ambassador_id, ""),
    func.coalesce(_TOLD.source, ""),
    sa.case((_FORWARDED, 0), else_=func.coalesce(sa.cast(_TOLD.words, sa.Integer), 0)),
    # What was forwarded is among the mails already; all else was let through later, if at all.
    sa.case((_FORWARDED, _TOLD.opened), else_=_LET_IN),
    sa.case((_FORWARDED, _TOLD.mails), else_=_TOLD.mails + 1),
    _TOLD.answers,
    _TOLD.answered,
    func.coalesce(sa.case((_TOLD.escalated_to.is_not(sa.null()), _HELPER)), ""),
    _TOLD.nudges,
    func.coalesce(_TOLD.escalated_to, ""),
    sa.case((_ENDED, _TOLD.closed)),
    func.coalesce(sa.case((_ENDED, _TOLD.why)), ""),
    func.coalesce(_TOLD.stage, 0),
).where(_TOLD.opened.is_not(sa.null()))
_TURNED_AWAY: sa.Select[*tuple[Any, ...]] = select(
    _AT,
    sa.literal("refused"),
    func.coalesce(events.c.ambassador_id, ""),
    func.coalesce(Word(events.c.detail, "source"), ""),
).where(*_WITHIN, events.c.thread_id.is_(sa.null()), events.c.kind == EventKind.REFUSED)


def stories(c: Connection, since: datetime, until: datetime) -> Iterator[Story]:
    """The first contacts from `since` on and before `until`, with what happened before `until`."""
    span = {"since": since, "until": until}
    for query in (_STORIES, _TURNED_AWAY):
        for row in c.sql.execute(query, span, execution_options={"yield_per": _PAGE}):
            yield Story(*row)
