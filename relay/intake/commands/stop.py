"""`stop`."""

from __future__ import annotations

from relay.intake.scene import Done, Scene
from relay.notices import Notice
from relay.threads import farewell
from storage.records.changes import Changes


def stop(scene: Scene, words: str) -> Done:
    """stop: your conversations end, and you get no more mail from us"""
    if scene.candidate is None:
        told = Changes(outgoing=(scene.tell(Notice("stopped")),))
        return Done(told, confirmed=False, ends=True)
    ended = farewell.stop(scene.candidate, scene.theirs, scene.held, scene.pen)
    return Done(ended, confirmed=False, ends=True)
