"""`/recommend`."""

from __future__ import annotations

from datetime import timedelta

from relay.intake.scene import Done, Scene, Undone
from relay.masking.addresses import Desk
from relay.notices import Notice
from relay.threads.reminders import first_name, to_candidate
from screening.addresses import Mailbox
from storage.records.changes import Changes
from storage.records.once import Request, RequestKind

PATIENCE = timedelta(days=30)


def recommend(scene: Scene, words: str) -> Done:
    """/recommend [note]: we ask whether you may, and tell the hiring team after a yes"""
    talk, note = scene.mine(words)
    if not scene.settings.relay.hiring_team:
        raise Undone("team")
    pen = scene.pen
    asked = Request(
        pen.mint.token(), RequestKind.RECOMMEND, talk.thread.id, pen.now + PATIENCE, note
    )
    answers_to = Mailbox(pen.house.plan.write(Desk(asked.token)), pen.house.company)
    question = Notice("recommend_consent", {"again": False})
    mails = to_candidate(question, talk.thread, talk.parties, pen, answers_to)
    changes = Changes(threads=(talk.thread,), outgoing=mails, requests=(asked,) if mails else ())
    return Done(changes, name=first_name(talk.parties.candidate.name))
