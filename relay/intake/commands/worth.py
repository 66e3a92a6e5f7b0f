"""`/worth`."""

from __future__ import annotations

from relay.intake.opinion import opined
from relay.intake.scene import Done, Scene, Undone
from relay.intake.yes import yes_or_no
from relay.threads.quiet import opinion_key
from storage.records.changes import Changes


def worth(scene: Scene, words: str) -> Done:
    """/worth yes|no: was it worth your time? Only counts are shown to anybody"""
    talk, said, side = scene.of_either(words)
    opinion, _ = yes_or_no(said)
    if opinion is None:
        raise Undone("opinion")
    if opinion_key(talk.thread.id, side) in scene.claimed:
        return Done(Changes())
    return Done(opined(side, opinion, talk.thread, scene.settings, scene.pen))
