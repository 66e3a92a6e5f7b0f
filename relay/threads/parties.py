"""Everybody a thread concerns, read from storage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage import message_ids, people
from storage.database import Connection
from storage.records.people import Ambassador, Candidate, Side
from storage.records.threads import Thread


@dataclass(frozen=True, slots=True)
class Parties:
    """Who talks, who may help, and the newest Message-ID that each side's mail program has."""

    ambassador: Ambassador
    candidate: Candidate
    backup: Ambassador | None = None
    ambassador_knows: str = ""
    candidate_knows: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """One thread and everybody in it."""

    thread: Thread
    parties: Parties


def talks(connection: Connection, wanted: Iterable[Thread]) -> tuple[Talk, ...]:
    """Each thread whose candidate is known, with its people."""
    pairs = ((one, parties(connection, one)) for one in wanted)
    return tuple(Talk(thread, everybody) for thread, everybody in pairs if everybody)


def parties(connection: Connection, thread: Thread) -> Parties | None:
    """None if the candidate was forgotten meanwhile: then there is nobody to write to."""
    ambassador = people.ambassador(connection, thread.ambassador_id)
    candidate = people.candidate(connection, thread.candidate_id)
    if ambassador is None or candidate is None:
        return None
    backup = people.ambassador_by_name(connection, ambassador.backup) if ambassador.backup else None
    return Parties(
        ambassador,
        candidate,
        backup,
        message_ids.last_known(connection, thread.id, Side.AMBASSADOR),
        message_ids.last_known(connection, thread.id, Side.CANDIDATE),
    )
