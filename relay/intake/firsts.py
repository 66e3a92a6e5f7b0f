"""Reads what only a first contact needs: copies, what was taught, what waits for an answer."""

from __future__ import annotations

from dataclasses import replace

from config.settings import Policy
from relay.intake.arrival import Arrival
from relay.intake.facts import Facts, First
from relay.masking.addresses import Destination, Peer, Public
from relay.threads.states import is_open
from relay.threads.waiting import waits_for_answer
from screening.correction import correction
from screening.near import bands, fingerprint, similar
from storage import lessons, likenesses, outbox, threads
from storage.database import Connection
from storage.records.mail import OutboxItem
from storage.records.people import Ambassador


def with_first(
    connection: Connection,
    known: Facts,
    destination: Destination,
    arrival: Arrival,
    policy: Policy,
) -> Facts:
    """The facts with what bears on a first contact, if it is one."""
    alex, thread = known.ambassador, known.thread
    if alex is None or not isinstance(destination, Public | Peer):
        return known
    if thread is not None and thread.last_candidate_at is not None:
        return known
    held = tuple(_whole(connection, item) for item in known.held)
    if policy is Policy.OPEN:
        return replace(known, held=held)
    marks = fingerprint(arrival.message.text, likenesses.key(connection), _names(alex))
    found_by = bands(marks)
    apart = _apart(connection, known)
    near = likenesses.near(connection, found_by, arrival.at, apart)
    first = First(
        marks=marks,
        bands=found_by,
        apart=apart,
        near=len(near),
        copies=sum(similar(marks, one) for one in near),
        correction=correction((lessons.learned(connection),)),
    )
    return replace(known, held=held, first=first)


def _apart(connection: Connection, known: Facts) -> tuple[str, ...]:
    """Its own thread, and those of its author that are closed: whoever got no answer was told to
    write to somebody else, and may do so in the same words."""
    own = threads.of_candidate(connection, known.candidate.id) if known.candidate else ()
    closed = tuple(one.id for one in own if not is_open(one))
    return (known.thread.id, *closed) if known.thread else closed


def _whole(connection: Connection, item: OutboxItem) -> OutboxItem:
    """The item with its content, if it is judged again with what its author says now."""
    if not waits_for_answer(item):
        return item
    return outbox.item(connection, item.outgoing.id) or item


def _names(ambassador: Ambassador) -> tuple[str, ...]:
    """What a mailing fills in for each reader."""
    return (
        *(ambassador.name, ambassador.display_name, ambassador.role),
        *ambassador.topics,
    )
