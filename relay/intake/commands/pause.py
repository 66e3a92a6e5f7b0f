"""`/pause` and `/resume`."""

from __future__ import annotations

from relay import roster
from relay.intake import times
from relay.intake.scene import Done, Scene, Undone
from relay.threads.hours import day_in


def pause(scene: Scene, words: str) -> Done:
    """/pause [2w]: nobody new writes to you meanwhile, and nothing reminds you"""
    alex = scene.ambassador
    if alex is None:
        raise Undone("none")
    until = times.moment(words, scene.pen.now, alex.timezone) if words else None
    if words and until is None:
        raise Undone("when")
    day = day_in(alex.timezone, until) if until else ""
    return Done(roster.pause(alex, until, scene.pen), day)


def resume(scene: Scene, words: str) -> Done:
    """/resume: you are back"""
    alex = scene.ambassador
    if alex is None:
        raise Undone("none")
    open_threads = {talk.thread.id: talk.thread for talk in scene.own}
    if scene.here is not None:
        open_threads[scene.here.thread.id] = scene.here.thread
    mine = tuple(one for one in open_threads.values() if one.ambassador_id == alex.id)
    return Done(roster.resume(alex, mine, scene.settings.followup, scene.pen))
