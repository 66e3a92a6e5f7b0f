"""How much an ambassador has time for: new conversations a week, and open ones at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.settings import AmbassadorSettings
from storage import loads
from storage.database import Connection
from storage.records.people import Ambassador

WEEK = timedelta(days=7)
RESTS = timedelta(days=14)  # without a word; then an answered conversation takes no more time


def has_room(c: Connection, one: Ambassador, limits: AmbassadorSettings, now: datetime) -> bool:
    """Whether somebody is there, and has time for one more conversation."""
    return one.available(now) and frees_at(c, one, limits, now) is None


def frees_at(
    c: Connection, one: Ambassador, limits: AmbassadorSettings, now: datetime
) -> datetime | None:
    """When there is time again for one more, if nobody writes meanwhile; None: there is now."""
    opened = reached_lately(c, one, now) if limits.weekly_threads else ()
    spoken = loads.last_words(c, one.id, now - RESTS) if limits.open_threads else ()
    waits = (
        _free(opened, limits.weekly_threads, WEEK, now),
        _free(spoken, limits.open_threads, RESTS, now),
    )
    return max((at for at in waits if at is not None), default=None)


def reached_lately(c: Connection, one: Ambassador, now: datetime) -> tuple[datetime, ...]:
    """When the conversations began that reached somebody in the week that ends now."""
    since = now - WEEK
    return tuple(at for at in loads.reached_since(c, one.id, since) if at > since)


def _free(
    taken: tuple[datetime, ...], most: int, span: timedelta, now: datetime
) -> datetime | None:
    """When fewer than `most` of these are younger than `span`; older ones count from now."""
    if not most or len(taken) < most:
        return None
    return max(taken[len(taken) - most], now - span) + span
