"""`/handoff`."""

from __future__ import annotations

from relay.intake.scene import Done, Scene, Undone
from relay.threads.handover import hand_over
from relay.threads.reminders import first_name


def handoff(scene: Scene, words: str) -> Done:
    """/handoff sam: a colleague takes the conversation over, and both are told"""
    talk, name = scene.about(words)
    ready = {
        one.name: one
        for one in scene.colleagues
        if one.available(scene.pen.now) and one.id != talk.thread.ambassador_id
    }
    backup = talk.parties.backup
    wanted = name.lower().removeprefix("peer-").partition("@")[0] or (backup.name if backup else "")
    to = ready.get(wanted)
    if to is None:
        raise Undone("who", tuple(sorted(ready))[:20])
    changes = hand_over(talk.thread, talk.parties, to, scene.settings.followup, scene.pen)
    return Done(changes, name=first_name(to.display_name))
