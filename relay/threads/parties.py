"""Everybody a thread concerns, read from storage."""

from __future__ import annotations

from dataclasses import dataclass

from storage import message_ids, people
from storage.database import Connection
from storage.records import Ambassador, Candidate, Side, Thread


@dataclass(frozen=True, slots=True)
class Parties:
    """Who talks, who may help, and the newest Message-ID that each side's mail program has."""

    ambassador: Ambassador
    candidate: Candidate
    backup: Ambassador | None = None
    ambassador_knows: str = ""
    candidate_knows: str = ""


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
