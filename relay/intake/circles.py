"""Reads what only some messages need: whom commands concern, who has room, what was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from config.settings import AmbassadorSettings, Settings
from relay.intake.arrival import Arrival
from relay.intake.facts import Circle, Facts, Room, away_key, employer_key
from relay.masking.addresses import Desk, Destination, Guest, Public, Return
from relay.threads.digest import decided_item
from relay.threads.parties import parties
from relay.threads.parties import talks as talks_of
from relay.threads.quiet import opinion_key
from relay.threads.room import frees_at, has_room, reached_lately
from relay.threads.states import is_open
from relay.threads.waiting import waiting
from screening.case import Case
from screening.rules.automatic import automatic
from storage import claims, outbox, people, requests, threads
from storage.database import Connection
from storage.records.once import RequestKind
from storage.records.people import Ambassador, Candidate, Side
from storage.records.threads import Thread

MOST_TALKS = 100  # of one person
MOST_OTHERS = 3


def widen(
    connection: Connection,
    known: Facts,
    destination: Destination,
    arrival: Arrival,
    settings: Settings,
) -> Facts:
    """The facts with what this message needs besides."""
    if isinstance(destination, Desk):
        return _at_the_desk(connection, known, destination, arrival)
    thread, limits = known.thread, settings.ambassador
    if thread is None:
        first = isinstance(destination, Public) and known.ambassador is not None
        free = room(connection, known.ambassador, limits, arrival.at) if first else Room()
        return _with_claims(connection, replace(known, room=free), arrival)
    if thread.former_ids:
        known = replace(known, former=_names(connection, thread.former_ids))
    if not arrival.orders.given and not _by_machine(destination, arrival):
        return known
    return _with_claims(connection, _with_circle(connection, known, arrival), arrival)


def _at_the_desk(
    connection: Connection, known: Facts, destination: Desk, arrival: Arrival
) -> Facts:
    if not destination.token:
        return _with_claims(connection, _with_circle(connection, known, arrival), arrival)
    request = requests.request(connection, destination.token, arrival.at)
    thread = threads.thread(connection, request.thread_id) if request else None
    if thread is None:
        return known
    candidate = people.candidate(connection, thread.candidate_id)
    held = outbox.held_in_thread(connection, thread.id)
    asked = replace(known, request=request, thread=thread, candidate=candidate, held=held)
    if request and request.kind is RequestKind.DECISION:
        return replace(asked, waiting=waiting(connection, decided_item(request)))
    return _with_claims(connection, _with_circle(connection, asked, arrival), arrival)


def _with_circle(connection: Connection, known: Facts, arrival: Arrival) -> Facts:
    found = circle_of(connection, known.author, known.candidate, known.thread, arrival.at)
    return replace(known, circle=found)


def _with_claims(connection: Connection, known: Facts, arrival: Arrival) -> Facts:
    keys, circle = [employer_key(known.author_key)], known.circle or Circle()
    talks = (*circle.own, *circle.theirs)
    ids = {talk.thread.id for talk in talks} | ({known.thread.id} if known.thread else set())
    keys += [opinion_key(one, side) for one in ids for side in Side]
    if known.ambassador is not None:
        keys.append(away_key(known.ambassador.id))
    more = claims.claimed(connection, keys, arrival.at)
    return replace(known, claimed=known.claimed | more)


def _by_machine(destination: Destination, arrival: Arrival) -> bool:
    """Whether it could be an absence note of an ambassador's, or a calendar's answer."""
    message = arrival.message
    dated = any(
        one.content_type == "text/calendar" or one.name.lower().endswith(".ics")
        for one in message.attachments
    )
    if dated or not isinstance(destination, Guest | Return):
        return dated
    return automatic(Case(message, arrival.envelope, arrival.authentication)) is not None


def _names(connection: Connection, ids: tuple[str, ...]) -> tuple[str, ...]:
    found = (people.ambassador(connection, one) for one in ids)
    return tuple(one.name for one in found if one is not None)


def circle_of(
    connection: Connection,
    author: Ambassador | None,
    candidate: Candidate | None,
    thread: Thread | None,
    now: datetime,
) -> Circle:
    """Everybody whom `author` or `candidate` could have to do with, and the people of `thread`."""
    own = threads.of_ambassador(connection, author.id) if author else ()
    theirs = threads.of_candidate(connection, candidate.id) if candidate else ()
    open_theirs = [one for one in theirs if is_open(one)][:MOST_TALKS]
    return Circle(
        parties(connection, thread) if thread else None,
        people.ambassadors(connection) if author else (),
        talks_of(connection, [one for one in own if is_open(one)][:MOST_TALKS]),
        talks_of(connection, open_theirs),
        tuple(item for one in open_theirs for item in outbox.held_in_thread(connection, one.id)),
        len(reached_lately(connection, author, now)) if author else 0,
    )


def room(
    connection: Connection, ambassador: Ambassador | None, limits: AmbassadorSettings, now: datetime
) -> Room:
    """Whether the ambassador has room for one more conversation."""
    if ambassador is None:
        return Room()
    away, frees = not ambassador.available(now), frees_at(connection, ambassador, limits, now)
    if not away and frees is None:
        return Room()
    until = ambassador.paused_until if away else frees
    return Room(away, frees is not None, until, _others(connection, ambassador, limits, now))


def _others(
    connection: Connection, ambassador: Ambassador, limits: AmbassadorSettings, now: datetime
) -> tuple[Ambassador, ...]:
    """The backup and others of the same topics who have room, the backup first."""
    backup = people.ambassador_by_name(connection, ambassador.backup) if ambassador.backup else None
    alike = (
        one for topic in ambassador.topics for one in people.ambassadors_by_topic(connection, topic)
    )
    known = {one.id: one for one in (*((backup,) if backup else ()), *alike)}
    known.pop(ambassador.id, None)
    ready = [one for one in known.values() if has_room(connection, one, limits, now)]
    return tuple(ready[:MOST_OTHERS])
