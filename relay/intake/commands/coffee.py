"""`/coffee`."""

from __future__ import annotations

from relay.intake import times
from relay.intake.scene import Done, Scene, Undone
from relay.threads.coffee import propose, usual_time
from relay.threads.stages import reach
from storage.records.changes import Changes
from storage.records.threads import Stage


def coffee(scene: Scene, words: str) -> Done:
    """/coffee [tue 15:00]: both of you get an invitation, and neither sees the other's address"""
    talk, when = scene.mine(words)
    alex, pen = talk.parties.ambassador, scene.pen
    at = times.meeting(when, pen.now, alex.timezone) if when else usual_time(alex, pen.now)
    if at is None:
        raise Undone("day")
    mails = propose(talk.thread, talk.parties, at, pen)
    return Done(Changes(outgoing=mails) + reach(talk.thread, Stage.COFFEE, pen), confirmed=False)
