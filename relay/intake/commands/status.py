"""`/status`."""

from __future__ import annotations

from relay.intake.scene import Done, Scene
from relay.notices import Notice
from relay.threads.hours import day_in
from relay.threads.parties import Talk
from relay.threads.reminders import first_name
from storage.records.changes import Changes
from storage.records.threads import ThreadState


def status(scene: Scene, words: str) -> Done:
    """/status: your conversations, and whose turn it is"""
    alex, now = scene.ambassador, scene.pen.now
    own = tuple(_row(talk, talk.parties.candidate.name) for talk in scene.own if _reached(talk))
    theirs = tuple(_row(talk, talk.parties.ambassador.display_name) for talk in scene.theirs)
    away = alex is not None and not alex.available(now)
    back = alex.paused_until if alex and away else None
    facts = {
        "threads": own + theirs,
        "most": scene.settings.ambassador.weekly_threads if alex else 0,
        "at_once": scene.settings.ambassador.open_threads if alex else 0,
        "opened": scene.opened,
        "away": away,
        "until": day_in(alex.timezone, back) if alex and back else "",
    }
    return Done(Changes(outgoing=(scene.tell(Notice("status", facts)),)), confirmed=False)


def _reached(talk: Talk) -> bool:
    return talk.thread.state is not ThreadState.PENDING


def _row(talk: Talk, who: str) -> tuple[object, ...]:
    thread = talk.thread
    return thread.id, first_name(who), thread.opened_at.date(), thread.state.value
