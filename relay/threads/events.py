"""What happened in a conversation, as the report will know it."""

from __future__ import annotations

from relay.notices import Pen
from storage.records.events import Event, EventKind
from storage.records.threads import Thread


def happened(kind: EventKind, thread: Thread, pen: Pen, /, **detail: str) -> Event:
    """It happened now; it counts for the ambassador whose thread it is."""
    return Event(pen.mint.id(pen.now), pen.now, kind, thread.id, thread.ambassador_id, detail)
