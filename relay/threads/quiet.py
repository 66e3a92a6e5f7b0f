"""A conversation has gone quiet: both sides are asked, once, whether it was worth their time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from config.settings import FollowupSettings, Settings
from relay.masking.addresses import Desk
from relay.notices import Notice, Pen
from relay.threads import hours
from relay.threads.parties import Parties
from relay.threads.reminders import first_name, taps, to_either
from screening.addresses import Mailbox
from storage.records.changes import Changes
from storage.records.mail import Outgoing
from storage.records.once import Claim, Request, RequestKind
from storage.records.people import Side
from storage.records.threads import Thread

AGAIN = "again"  # in the note of a request, behind the side
PATIENCE = timedelta(days=60)  # in which the question can be answered
AWAY = timedelta(days=7)  # so long we wait for somebody who is away for an unknown time


def due(thread: Thread, clock: hours.Calendar, followup: FollowupSettings) -> datetime | None:
    """When both are asked, if nobody writes until then; never, where nobody answered."""
    if thread.last_ambassador_at is None or not followup.worth_after:
        return None
    last = max(thread.last_ambassador_at, thread.last_candidate_at or thread.last_ambassador_at)
    return hours.soonest(last + followup.worth_after, clock)


def asked_key(thread_id: str) -> str:
    """Once a thread both sides are asked."""
    return f"notice:worth:{thread_id}"


def opinion_key(thread_id: str, side: Side) -> str:
    """Once a thread each side says whether it was worth the time."""
    return f"opinion:{thread_id}:{side}"


def ask(
    thread: Thread,
    parties: Parties,
    claimed: Collection[str],
    settings: Settings,
    pen: Pen,
    clock: hours.Calendar,
) -> Changes:
    """The question to each side that has not said it yet. `claimed` are the keys that are taken.

    In the ambassador's working hours and never while they are away. Only to be called for a thread
    that is answered or closed, whose sides have not blocked each other.
    """
    now, alex = pen.now, parties.ambassador
    if thread.due_at is None or thread.due_at > now:
        return Changes()
    if not alex.available(now):
        back = hours.soonest(alex.paused_until or now + AWAY, clock)
        return Changes(threads=(replace(thread, due_at=back),))
    if not hours.at_work(now, clock):
        return Changes(threads=(replace(thread, due_at=hours.soonest(now, clock)),))
    done = Changes(threads=(replace(thread, due_at=None),))
    if asked_key(thread.id) in claimed:
        return done
    for side in Side:
        if opinion_key(thread.id, side) not in claimed:
            done += asked(side, thread, parties, pen)
    return done + Changes(claims=(Claim(asked_key(thread.id), now + settings.retention.threads),))


def asked(side: Side, thread: Thread, parties: Parties, pen: Pen, again: bool = False) -> Changes:
    """The question to this side, with an address of its own to answer; none to the unproven.

    `again` if the first answer could not be read.
    """
    note = f"{side} {AGAIN}" if again else side.value
    request = Request(pen.mint.token(), RequestKind.OPINION, thread.id, pen.now + PATIENCE, note)
    mails = _question(side, request.token, thread, parties, pen, again)
    return Changes(outgoing=mails, requests=(request,) if mails else ())


def _question(
    side: Side, token: str, thread: Thread, parties: Parties, pen: Pen, again: bool
) -> tuple[Outgoing, ...]:
    desk = Mailbox(pen.house.plan.write(Desk(token)), pen.house.company)
    alex, dana = parties.ambassador, first_name(parties.candidate.name)
    facts = {
        "who": dana if side is Side.AMBASSADOR else first_name(alex.display_name),
        "again": again,
        "links": taps(desk.address, ("yes", "no")),
    }
    return to_either(side, Notice("worth", facts), thread, parties, pen, desk)
