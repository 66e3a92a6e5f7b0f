"""`/share`."""

from __future__ import annotations

from dataclasses import replace

from relay.intake.scene import Done, Scene
from relay.notices import Notice, Pen
from relay.threads.events import happened
from relay.threads.parties import Talk
from relay.threads.reminders import first_name, to_either
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.mail import Outgoing
from storage.records.people import Side
from storage.records.threads import Agreed


def share(scene: Scene, words: str) -> Done:
    """/share: each of you learns who the other is, once both have written it"""
    talk, _, side = scene.of_either(words)
    thread, before = talk.thread, talk.thread.agreed
    own = Agreed.AMBASSADOR if side is Side.AMBASSADOR else Agreed.CANDIDATE
    name = _name(talk, side.other)
    if before is Agreed.BOTH:
        return Done(Changes(outgoing=_shown(talk, scene.pen)), confirmed=False)
    if before is own:
        return Done(Changes(), name=name)
    agreed = own if before is Agreed.NOBODY else Agreed.BOTH
    moved = Talk(replace(thread, agreed=agreed), talk.parties)
    if agreed is Agreed.BOTH:
        mails = _shown(moved, scene.pen)
        shared = happened(EventKind.SHARED, thread, scene.pen)
        return Done(_changes(moved, mails, (shared,)), confirmed=False)
    asks = Notice("share_request", {"who": _name(talk, side)})
    return Done(_changes(moved, _to(side.other, asks, moved, scene.pen)), name=name)


def unshare(scene: Scene, words: str) -> Done:
    """/unshare: takes your /share back, as long as the other has not written it"""
    talk, _, side = scene.of_either(words)
    own = Agreed.AMBASSADOR if side is Side.AMBASSADOR else Agreed.CANDIDATE
    if talk.thread.agreed is not own:
        return Done(Changes())
    return Done(Changes(threads=(replace(talk.thread, agreed=Agreed.NOBODY),)))


def _changes(talk: Talk, mails: tuple[Outgoing, ...], events: tuple[Event, ...] = ()) -> Changes:
    return Changes(threads=(talk.thread,), outgoing=mails, events=events)


def _shown(talk: Talk, pen: Pen) -> tuple[Outgoing, ...]:
    alex, dana = talk.parties.ambassador, talk.parties.candidate
    to_dana = Notice("shared", {"name": alex.display_name, "address": alex.mailbox})
    to_alex = Notice("shared", {"name": dana.name or dana.address, "address": dana.address})
    return (*_to(Side.CANDIDATE, to_dana, talk, pen), *_to(Side.AMBASSADOR, to_alex, talk, pen))


def _to(side: Side, notice: Notice, talk: Talk, pen: Pen) -> tuple[Outgoing, ...]:
    return to_either(side, notice, talk.thread, talk.parties, pen)


def _name(talk: Talk, side: Side) -> str:
    parties = talk.parties
    shown = parties.candidate.name if side is Side.CANDIDATE else parties.ambassador.display_name
    return first_name(shown)
