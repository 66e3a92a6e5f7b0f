"""A first contact finds no room: the backup, another of the same topic, or an honest date."""

from __future__ import annotations

from relay.intake import replies
from relay.intake.decision import Decision
from relay.intake.facts import NOTICE_LIFETIME, notice_key
from relay.intake.question import Question
from relay.masking.addresses import Public
from relay.notices import Notice, Recipient, write
from relay.threads.hours import day_in
from relay.threads.reminders import first_name
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.once import Claim


def no_room(question: Question) -> Decision:
    """Nothing is passed on or kept. The author is told by mail; if that cannot be, at once."""
    room, alex, pen = question.facts.room, question.route.ambassador, question.pen
    over = Event(pen.mint.id(pen.now), pen.now, EventKind.OVER_BUDGET, ambassador_id=alex.id)
    counted = Changes(events=() if room.away else (over,), hits=question.facts.meters)
    template = "paused_offer" if room.away else "budget_full"
    if not question.proven or not question.facts.may_notify(template, pen.now):
        return Decision(replies.NO_ROOM_NOW, counted)
    facts = {
        "ambassador": first_name(alex.display_name),
        "until": day_in(alex.timezone, room.until) if room.until else "",
        "alternatives": tuple(
            (first_name(one.display_name), pen.house.plan.write(Public(one.name)))
            for one in room.others
        ),
    }
    key = notice_key(template, question.facts.author_key, pen.now)
    reader = Recipient(question.arrival.message.author.address, question.route.candidate.language)
    told = Changes(
        outgoing=(write(pen, Notice(template, facts), reader),),
        claims=(Claim(key, pen.now + NOTICE_LIFETIME),),
    )
    return Decision(replies.ACCEPTED, counted + told)
