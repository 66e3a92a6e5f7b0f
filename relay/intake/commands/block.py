"""`/block`."""

from __future__ import annotations

from relay.intake.scene import Done, Scene, Undone
from relay.masking.providers import public
from relay.threads import ending
from storage.records.changes import Changes
from storage.records.people import Block

_DOMAIN = frozenset({"domain", "domäne"})


def block(scene: Scene, words: str) -> Done:
    """/block [domain]: nothing more comes to you from this person, or from their whole domain"""
    talk, rest = scene.about(words)
    address, alex = talk.parties.candidate.address, scene.ambassador
    whom = address
    if rest.lower() in _DOMAIN:
        whom = address.rpartition("@")[2]
        if public(whom):
            raise Undone("public", (whom,))
    elif rest:
        raise Undone("unknown")
    barred = Block(whom, scene.pen.now, alex.id if alex else talk.thread.ambassador_id)
    return Done(Changes(blocks=(barred,)) + ending.close(talk.thread, "block", scene.pen))
