"""`/pass`."""

from __future__ import annotations

from dataclasses import replace

from relay.intake.scene import Done, Scene
from relay.threads import ending
from storage.records.changes import Changes
from storage.records.screening import Taught


def pass_(scene: Scene, words: str) -> Done:
    """/pass [reason]: we decline kindly, in our words"""
    talk, reason = scene.about(words)
    thread, alex = talk.thread, scene.ambassador
    if alex is not None and alex.id == thread.backup_id:
        return Done(Changes(threads=(replace(thread, backup_id=None),)))
    declined = ending.decline(thread, talk.parties, "pass", reason, scene.pen)
    if thread.last_ambassador_at is None:  # whoever was answered was welcome
        declined += Changes(taught=(Taught(thread.id, welcome=False),))
    return Done(declined)
