"""`/later`."""

from __future__ import annotations

from dataclasses import replace

from relay.intake import times
from relay.intake.scene import Done, Scene, Undone
from relay.notices import Notice
from relay.threads.followup import schedule
from relay.threads.hours import day_in
from relay.threads.reminders import first_name, to_candidate
from relay.threads.states import ThreadEvent, advance, takes
from storage.records.changes import Changes


def later(scene: Scene, words: str) -> Done:
    """/later 3d: you are reminded again then"""
    talk, span = scene.mine(words)
    thread, parties, pen = talk.thread, talk.parties, scene.pen
    alex = parties.ambassador
    until = times.moment(span, pen.now, alex.timezone)
    if until is None:
        raise Undone("when")
    if not takes(thread, ThreadEvent.PUT_OFF):
        raise Undone("none")  # nobody waits for an answer
    rests = replace(advance(thread, ThreadEvent.PUT_OFF, pen.now), rests_until=until)
    scheduled = schedule(rests, alex, scene.settings.followup)
    day = day_in(alex.timezone, scheduled.due_at or until)
    told = to_candidate(Notice("later_candidate", {"until": day}), thread, parties, pen)
    changes = Changes(threads=(scheduled,), outgoing=told)
    return Done(changes, day, first_name(parties.candidate.name))
