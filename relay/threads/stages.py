"""How far an acquaintance has come: metadata for the report."""

from __future__ import annotations

from dataclasses import replace

from relay.notices import Pen
from relay.threads.events import happened
from storage.records.changes import Changes
from storage.records.events import EventKind
from storage.records.threads import Stage, Thread

_ORDER = tuple(Stage)


def reach(thread: Thread, stage: Stage, pen: Pen) -> Changes:
    """The thread at that stage, with its event; nothing, if it has come that far already."""
    if _ORDER.index(stage) <= _ORDER.index(thread.stage):
        return Changes(threads=(thread,))
    return put(thread, stage, pen)


def put(thread: Thread, stage: Stage, pen: Pen) -> Changes:
    """The thread at that stage, whatever it was before; nothing, if it is there."""
    if stage is thread.stage:
        return Changes()
    event = happened(EventKind.STAGE_REACHED, thread, pen, stage=stage.value)
    return Changes(threads=(replace(thread, stage=stage),), events=(event,))
