"""Who of a topic's ambassadors gets a first message: `peer-python@` leads to one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from config.settings import AmbassadorSettings
from relay.threads.room import WEEK, has_room
from storage import loads, people, threads
from storage.concerned import Concerned
from storage.database import Connection
from storage.records.people import Ambassador


def with_chosen(
    connection: Connection,
    topic: str,
    known: Concerned,
    limits: AmbassadorSettings,
    now: datetime,
) -> Concerned:
    """With the one whom the candidate knows and their thread, else with the least loaded of those
    who have room; `limits` is how much each has time for."""
    pool, candidate = people.ambassadors_by_topic(connection, topic), known.candidate
    if candidate is not None:
        for one in pool:
            if thread := threads.between(connection, one.id, candidate.id):
                return replace(known, ambassador=one, thread=thread)

    def load(one: Ambassador) -> tuple[bool, bool, int]:
        full = not has_room(connection, one, limits, now)
        return not one.available(now), full, loads.opened_since(connection, one.id, now - WEEK)

    return replace(known, ambassador=min(pool, key=load, default=None))
