"""A time for a coffee: an invitation for each side, in which only masked addresses stand."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from relay.masking.addresses import Guest, Peer
from relay.notices import Notice, Pen
from relay.threads import hours
from relay.threads.parties import Parties
from relay.threads.reminders import first_name, to_ambassador, to_candidate
from storage.records.mail import Outgoing
from storage.records.people import Ambassador
from storage.records.threads import Thread

AHEAD = timedelta(days=3)
USUALLY = time(15)


def usual_time(ambassador: Ambassador, now: datetime) -> datetime:
    """Three in the afternoon of the first working day at least three days ahead, in UTC."""
    place = hours.Calendar(ambassador.timezone, ambassador.country)
    day = hours.soonest(now + AHEAD, place).astimezone(ZoneInfo(ambassador.timezone))
    return hours.local(day.date(), USUALLY, ambassador.timezone)


def propose(thread: Thread, parties: Parties, at: datetime, pen: Pen) -> tuple[Outgoing, ...]:
    """The invitation for the ambassador and, if proven, for the candidate."""
    # Its library takes long to import, and a coffee is seldom proposed.
    from relay.threads.invitation import invitation

    house, alex, dana = pen.house, parties.ambassador, parties.candidate
    names = first_name(alex.display_name), first_name(dana.name)
    guest = house.plan.write(Guest(thread.guest_token))
    peer = house.plan.write(Peer(alex.name, thread.peer_token))
    uid = f"{prefix(thread)}{pen.mint.id(pen.now)}@{house.plan.domain}"
    for_alex = invitation(
        uid, at, (guest, names[1]), (alex.mailbox, names[0]), house.company, pen.now
    )
    for_dana = invitation(
        uid, at, (peer, names[0]), (dana.address, names[1]), house.company, pen.now
    )
    ours = Notice("coffee_proposal", {"who": names[1]}, calendar=for_alex)
    theirs = Notice("coffee_proposal", {"who": names[0]}, calendar=for_dana)
    told = to_candidate(theirs, thread, parties, pen)
    return (to_ambassador(ours, thread, parties, pen), *told)


def prefix(thread: Thread) -> str:
    """How the UIDs of this thread's invitations begin."""
    return f"coffee-{thread.id}-"
