"""An ambassador's mail program says that they are away: the backup is asked, a pause is offered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from relay.intake.facts import away_key
from relay.intake.question import Question
from relay.intake.returning import day_of_return
from relay.intake.tongue import tongue
from relay.masking.addresses import Desk
from relay.notices import Notice, write
from relay.threads.followup import ask_backup
from relay.threads.parties import Parties
from relay.threads.reminders import Away, first_name, taps, to_colleague
from storage.records.changes import Changes
from storage.records.once import Claim
from storage.records.people import Ambassador, Side


def absent(question: Question) -> Changes:
    """What follows from an automatic message of an ambassador; the message itself goes no further.

    The backup is asked for as long as the absence lasts beyond the first reminder. Of an absence
    whose end can be read, a pause is offered once.
    """
    route, circle = question.route, question.facts.circle
    if route.side is not Side.AMBASSADOR or circle is None or circle.parties is None:
        return Changes()
    alex, parties = route.ambassador, circle.parties
    if route.speaker.id != alex.id or not alex.available(question.pen.now):
        return Changes()
    message, zone = question.arrival.message, ZoneInfo(alex.timezone)
    today = question.pen.now.astimezone(zone).date()
    until = day_of_return(message.header("Subject"), message.text, today)
    back = datetime.combine(until, time(), zone) if until else None
    asked = _asked(question, parties, back)
    return asked + (_offer(question, alex, until, asked != Changes()) if until else Changes())


def _asked(question: Question, parties: Parties, back: datetime | None) -> Changes:
    backup, now, followup = parties.backup, question.pen.now, question.settings.followup
    if backup is None or not backup.available(now):
        return Changes()
    if back is not None and back <= now + max(followup.nudge_after, timedelta(days=1)):
        return Changes()
    return ask_backup(question.route.thread, parties, followup, question.pen, Away(back))


def _offer(question: Question, alex: Ambassador, until: date, asked: bool) -> Changes:
    key, pen, circle = away_key(alex.id), question.pen, question.facts.circle
    if key in question.facts.claimed or circle is None or circle.parties is None:
        return Changes()
    backup = circle.parties.backup
    candidate = first_name(question.route.candidate.name)
    desk = pen.house.plan.write(Desk())
    facts = {
        "ambassador": first_name(alex.display_name),
        "candidate": candidate,
        "until": until,
        "backup": first_name(backup.display_name) if asked and backup else "",
        "links": taps(desk, (f"/pause {until.isoformat()}",)),
    }
    reader = to_colleague(alex, candidate, question.route.thread, pen)
    language = tongue(question.arrival.message.text)
    to_the_desk = replace(reader, answers_to=None, language=language)
    once = Claim(key, datetime.combine(until, time(), ZoneInfo(alex.timezone)))
    offer = write(pen, Notice("away_offer", facts), to_the_desk)
    return Changes(outgoing=(offer,), claims=(once,))
