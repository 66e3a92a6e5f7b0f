"""An invitation to a talk, as calendars read it (RFC 5545, RFC 5546)."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress

LASTS = timedelta(minutes=30)


def invitation(
    uid: str,
    at: datetime,
    other: tuple[str, str],
    reader: tuple[str, str],
    company: str,
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
    event.add("summary", f"{other[1]} & {reader[1]} ({company})")
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
