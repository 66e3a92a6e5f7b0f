"""`/close`."""

from __future__ import annotations

from dataclasses import replace

from relay.intake.scene import Done, Scene
from relay.threads import ending, quiet
from relay.threads.followup import calendar
from relay.threads.parties import Talk
from relay.threads.states import waits_for
from storage.records.changes import Changes
from storage.records.people import Side
from storage.records.threads import Thread


def close(scene: Scene, words: str) -> Done:
    """/close: the conversation ends; who still waits is told so"""
    talk, _ = scene.about(words)
    ended = _ended(talk, scene)
    return Done(replace(ended, threads=tuple(_asked(one, talk, scene) for one in ended.threads)))


def _ended(talk: Talk, scene: Scene) -> Changes:
    if waits_for(talk.thread) is Side.AMBASSADOR:
        return ending.decline(talk.thread, talk.parties, "close", "", scene.pen)
    return ending.close(talk.thread, "close", scene.pen)


def _asked(thread: Thread, talk: Talk, scene: Scene) -> Thread:
    """Its people are still asked whether it was worth their time, if they talked."""
    followup = scene.settings.followup
    clock = calendar(talk.parties.ambassador, followup)
    return replace(thread, due_at=quiet.due(thread, clock, followup))
