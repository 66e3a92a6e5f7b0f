"""A time for a coffee: an invitation for each side, in which only masked addresses stand."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress

from relay.masking.addresses import Guest, Peer
from relay.notices import House, Notice, Pen
from relay.threads import hours
from relay.threads.parties import Parties
from relay.threads.reminders import first_name, to_ambassador, to_candidate
from storage.records.mail import Outgoing
from storage.records.people import Ambassador
from storage.records.threads import Thread

LASTS = timedelta(minutes=30)
AHEAD = timedelta(days=3)
USUALLY = time(15)


def usual_time(ambassador: Ambassador, now: datetime) -> datetime:
    """Three in the afternoon of the first working day at least three days ahead, in UTC."""
    place = hours.Calendar(ambassador.timezone, ambassador.country)
    day = hours.after(now + AHEAD, timedelta(), place).astimezone(ZoneInfo(ambassador.timezone))
    return hours.local(day.date(), USUALLY, ambassador.timezone)


def propose(thread: Thread, parties: Parties, at: datetime, pen: Pen) -> tuple[Outgoing, ...]:
    """The invitation for the ambassador and, if proven, for the candidate."""
    house, alex, dana = pen.house, parties.ambassador, parties.candidate
    names = first_name(alex.display_name), first_name(dana.name)
    guest = house.plan.write(Guest(thread.guest_token))
    peer = house.plan.write(Peer(alex.name, thread.peer_token))
    uid = f"{prefix(thread)}{pen.mint.id(pen.now)}@{house.plan.domain}"
    for_alex = _invitation(uid, at, (guest, names[1]), (alex.mailbox, names[0]), house, pen.now)
    for_dana = _invitation(uid, at, (peer, names[0]), (dana.address, names[1]), house, pen.now)
    ours = Notice("coffee_proposal", {"who": names[1]}, calendar=for_alex)
    theirs = Notice("coffee_proposal", {"who": names[0]}, calendar=for_dana)
    told = to_candidate(theirs, thread, parties, pen)
    return (to_ambassador(ours, thread, parties, pen), *told)


def prefix(thread: Thread) -> str:
    """How the UIDs of this thread's invitations begin."""
    return f"coffee-{thread.id}-"


def _invitation(
    uid: str,
    at: datetime,
    other: tuple[str, str],
    reader: tuple[str, str],
    house: House,
    now: datetime,
) -> str:
    """A request (RFC 5546) by the other side; the reader's answer goes to the other's mask."""
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//Peerpost//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    event.add("uid", uid)
    event.add("dtstamp", now)
    event.add("dtstart", at)
    event.add("dtend", at + LASTS)
    event.add("sequence", 0)
    event.add("status", "CONFIRMED")
    event.add("summary", f"{other[1]} & {reader[1]} ({house.company})")
    event.add("organizer", _person(*other))
    event.add("attendee", _person(*other, PARTSTAT="ACCEPTED", ROLE="REQ-PARTICIPANT"))
    asked = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE", "ROLE": "REQ-PARTICIPANT"}
    event.add("attendee", _person(*reader, **asked))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Coffee")
    alarm.add("trigger", timedelta(minutes=-10))
    event.add_component(alarm)
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _person(address: str, name: str, **parameters: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    for key, value in {"CN": name, **parameters}.items():
        person.params[key] = value
    return person
