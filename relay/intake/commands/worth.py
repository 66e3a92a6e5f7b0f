"""`/worth`."""

from __future__ import annotations

from relay.intake.facts import opinion_key
from relay.intake.scene import Done, Scene, Undone
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.once import Claim

_MEANING = {"yes": "yes", "ja": "yes", "no": "no", "nein": "no"}


def worth(scene: Scene, words: str) -> Done:
    """/worth yes|no: was it worth your time? Only counts are shown to anybody"""
    talk, said, side = scene.of_either(words)
    opinion = _MEANING.get(said.lower().strip(".!"))
    if opinion is None:
        raise Undone("opinion")
    thread, pen = talk.thread, scene.pen
    key = opinion_key(thread.id, side)
    if key in scene.claimed:
        return Done(Changes())
    detail = {"side": side.value, "worth": opinion}
    event = Event(
        pen.mint.id(pen.now), pen.now, EventKind.OPINION, thread.id, thread.ambassador_id, detail
    )
    lifetime = scene.settings.retention.threads
    once = Claim(key, pen.now + lifetime)
    return Done(Changes(events=(event,), claims=(once,)))
