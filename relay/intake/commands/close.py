"""`/close`."""

from __future__ import annotations

from relay.intake.scene import Done, Scene
from relay.threads import ending
from relay.threads.states import waits_for
from storage.records.people import Side


def close(scene: Scene, words: str) -> Done:
    """/close: the conversation ends; who still waits is told so"""
    talk, _ = scene.about(words)
    if waits_for(talk.thread) is Side.AMBASSADOR:
        return Done(ending.decline(talk.thread, talk.parties, "close", "", scene.pen))
    return Done(ending.close(talk.thread, "close", scene.pen))
