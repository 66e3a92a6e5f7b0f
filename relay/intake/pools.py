"""Who of a topic's ambassadors gets a first message: `peer-python@` leads to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.settings import AmbassadorSettings
from relay.threads.room import WEEK, has_room
from storage import loads, people, threads
from storage.database import Connection
from storage.records.people import Ambassador, Candidate


@dataclass(frozen=True, slots=True)
class Choice:
    """What bears on it: how much each has time for, who writes if they are known, and when."""

    limits: AmbassadorSettings
    candidate: Candidate | None
    now: datetime


def chosen(connection: Connection, topic: str, choice: Choice) -> Ambassador | None:
    """The one whom the candidate knows, else the least loaded of those who have room."""
    pool = people.ambassadors_by_topic(connection, topic)
    candidate, now = choice.candidate, choice.now
    if candidate is not None:
        for one in pool:
            if threads.between(connection, one.id, candidate.id):
                return one

    def load(one: Ambassador) -> tuple[bool, bool, int]:
        full = not has_room(connection, one, choice.limits, now)
        return not one.available(now), full, loads.opened_since(connection, one.id, now - WEEK)

    return min(pool, key=load, default=None)
