"""What became of each first contact, put together from the events by the database itself.

A report is about hundreds of thousands of events; only what they add up to leaves the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, select

from storage.columns import EPOCH
from storage.database import Connection
from storage.records.events import EventKind
from storage.records.threads import Stage
from storage.schema import events

_PAGE = 2000  # rows; what is in memory at a time
_STAMP = 16  # digits of a time in microseconds, from 2001 to 2286


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
    stages: frozenset[Stage] = frozenset()


def moment(microseconds: int) -> datetime:
    """A time of a story, in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


def _is(kind: EventKind) -> ColumnElement[bool]:
    # Written into the statement: SQLite takes twice as long to compare with a parameter.
    return events.c.kind == sa.literal(kind, literal_execute=True)


def _first(kind: EventKind) -> ColumnElement[Any]:
    return func.min(_AT).filter(_is(kind))


def _last(kind: EventKind) -> ColumnElement[Any]:
    return func.max(_AT).filter(_is(kind))


def _detail_of(kind: EventKind) -> ColumnElement[Any]:
    return func.max(events.c.detail).filter(_is(kind))


def _number(kind: EventKind) -> ColumnElement[Any]:
    return func.count().filter(_is(kind))


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
_OPENED = _first(EventKind.CONTACTED)
_ESCALATED = _detail_of(EventKind.ESCALATED)
_UNANSWERED = _first(EventKind.AMBASSADOR_WROTE).is_(sa.null())
# A time before its detail, so that the detail of the first answer is in the smallest of the texts.
_ANSWER = func.min(sa.cast(_AT, sa.String).concat(events.c.detail)).filter(
    _is(EventKind.AMBASSADOR_WROTE)
)

# In the order of _story's parameters. What is seldom asked for is null elsewhere.
_STORIES: sa.Select[Any] = (
    select(
        _OPENED,
        _detail_of(EventKind.CONTACTED),
        func.max(events.c.ambassador_id).filter(_is(EventKind.CONTACTED)),
        _first(EventKind.APPROVED),
        _first(EventKind.CANDIDATE_WROTE),
        _last(EventKind.CANDIDATE_WROTE),
        _number(EventKind.CANDIDATE_WROTE),
        _first(EventKind.AMBASSADOR_WROTE),
        _number(EventKind.AMBASSADOR_WROTE),
        _number(EventKind.NUDGED),
        _ESCALATED,
        sa.case((_ESCALATED.is_not(sa.null()), _ANSWER)),
        sa.case((_UNANSWERED, _last(EventKind.CLOSED))),
        sa.case((_UNANSWERED, _detail_of(EventKind.CLOSED))),
        func.aggregate_strings(events.c.detail, ",").filter(_is(EventKind.STAGE_REACHED)),
    )
    .where(*_WITHIN, events.c.thread_id.is_not(sa.null()), events.c.kind.in_(_TELLING))
    .group_by(events.c.thread_id)
    .having(_OPENED.is_not(sa.null()))
)
_TURNED_AWAY = select(_AT, events.c.ambassador_id, events.c.detail).where(
    *_WITHIN, events.c.thread_id.is_(sa.null()), events.c.kind == EventKind.REFUSED
)


def stories(c: Connection, since: datetime, until: datetime) -> Iterator[Story]:
    """The first contacts from `since` on and before `until`, with what happened before `until`."""
    span = {"since": since, "until": until}
    for row in c.sql.execute(_STORIES, span).yield_per(_PAGE):
        yield _story(*row)
    for opened, ambassador_id, refusal in c.sql.execute(_TURNED_AWAY, span).yield_per(_PAGE):
        yield Story(opened, "refused", ambassador_id or "", _word(refusal, "source"))


def _story(
    opened: int,
    first: str,
    ambassador_id: str | None,
    approved: int | None,
    wrote: int | None,
    wrote_last: int | None,
    mails: int,
    answered: int | None,
    answers: int,
    nudges: int,
    escalated: str | None,
    answer: str | None,
    closed: int | None,
    closing: str | None,
    told: str | None,
) -> Story:
    outcome, source, words = _contact(first)
    reached: int | None = opened
    # What was forwarded is among the mails already; all else was let through later, if at all.
    if outcome != "forwarded":
        mails += 1
        reached = min((at for at in (approved, wrote) if at), default=None)
    if closed and wrote_last and wrote_last > closed:
        closed = None
    return Story(
        opened,
        outcome,
        ambassador_id or "",
        source,
        0 if outcome == "forwarded" else words,
        reached,
        mails,
        answers,
        answered,
        _word(answer[_STAMP:], "by") if answer else "",
        nudges,
        _word(escalated, "to") if escalated else "",
        closed,
        _word(closing, "why") if closed and closing else "",
        _stages(told) if told else frozenset(),
    )


@lru_cache(maxsize=4096)
def _word(detail: str, name: str) -> str:
    return str(json.loads(detail).get(name, ""))


@lru_cache(maxsize=16384)
def _contact(text: str) -> tuple[str, str, int]:
    """Outcome, source and words of a first contact."""
    detail = json.loads(text)
    return detail["outcome"], detail.get("source", ""), int(detail.get("words", "0"))


@lru_cache(maxsize=4096)
def _stages(texts: str) -> frozenset[Stage]:
    """The stages that were reached."""
    return frozenset(Stage(each["stage"]) for each in json.loads(f"[{texts}]"))
