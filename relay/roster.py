"""Who answers, and who is remembered: add, pause, resume, forget. Pure, as Changes.

The command line and the commands by mail use these same functions.
"""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass, replace
from datetime import datetime

from config.settings import FollowupSettings
from config.values import Unusable
from relay.notices import Notice, Pen, Recipient, write
from relay.threads import hours
from relay.threads.followup import schedule
from relay.threads.states import waits_for
from screening.addresses import normal, plausible
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.people import Ambassador, AmbassadorState, Candidate, Side
from storage.records.threads import Thread

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
MOST_MAILBOXES, MOST_TOPICS, LONGEST = 8, 12, 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new ambassador as somebody typed it."""

    name: str
    display_name: str
    mailboxes: tuple[str, ...]
    role: str = ""
    topics: tuple[str, ...] = ()
    timezone: str = "UTC"
    country: str = ""
    backup: str = ""
    languages: tuple[str, ...] = ()


def add(wanted: Wanted, known: tuple[Ambassador, ...], pen: Pen) -> Ambassador:
    """The new ambassador. Raises Unusable, naming the field and what to write instead.

    A name that was removed may be taken again by the same mailbox: it comes back.
    """
    name = wanted.name.lower()
    if not NAME.fullmatch(name):
        raise Unusable("NAME", wanted.name, "1 to 32 letters, digits and hyphens, such as alex")
    former = next((one for one in known if one.name == name), None)
    mailboxes = tuple(dict.fromkeys(_mailbox(one, pen) for one in wanted.mailboxes))
    if not mailboxes or len(mailboxes) > MOST_MAILBOXES:
        raise Unusable("--email", None, f"1 to {MOST_MAILBOXES} addresses")
    returns = former is not None and former.state is AmbassadorState.REMOVED
    if former is not None and not (returns and set(former.mailboxes) & set(mailboxes)):
        raise Unusable("NAME", name, "a name that nobody has or had")
    for other in known:
        taken = set(other.mailboxes) & set(mailboxes)
        if other is not former and taken and other.state is not AmbassadorState.REMOVED:
            raise Unusable("--email", min(taken), f"an address that is not {other.name}'s already")
    return Ambassador(
        id=former.id if former else pen.mint.id(pen.now),
        name=name,
        display_name=_line("--name", wanted.display_name) or name.title(),
        mailboxes=mailboxes,
        created_at=pen.now,
        role=_line("--role", wanted.role),
        topics=_topics(wanted.topics, {one.name for one in known}),
        timezone=_timezone(wanted.timezone),
        country=_country(wanted.country),
        backup=_backup(wanted.backup, name),
        languages=_languages(wanted.languages),
    )


def pause(ambassador: Ambassador, until: datetime | None, pen: Pen) -> Changes:
    """No reminders and no new mail counted as late until then, or until `resume`."""
    paused = replace(ambassador, state=AmbassadorState.PAUSED, paused_until=until)
    return Changes(ambassadors=(paused,), events=(_event(EventKind.PAUSED, ambassador, pen),))


def resume(
    ambassador: Ambassador, open_threads: tuple[Thread, ...], followup: FollowupSettings, pen: Pen
) -> Changes:
    """Back at work, and forgiven what came back; each open thread's clock begins anew."""
    back = replace(ambassador, state=AmbassadorState.ACTIVE, paused_until=None, failures=0)
    waiting = (one for one in open_threads if waits_for(one) is Side.AMBASSADOR)
    return Changes(
        ambassadors=(back,),
        threads=tuple(schedule(replace(one, since=pen.now), back, followup) for one in waiting),
        events=(_event(EventKind.RESUMED, ambassador, pen),),
    )


def forget(candidate: Candidate, pen: Pen, keep_referral: bool = True) -> Changes:
    """Erases a candidate, and confirms it by mail if the address was ever proven to be theirs.

    Of the referral record a keyed digest of the address stays, unless it is not to be kept.
    """
    told = (write(pen, Notice("forgotten"), Recipient(candidate.address, candidate.language)),)
    erased = Event(pen.mint.id(pen.now), pen.now, EventKind.FORGOTTEN, detail={"hours": "0"})
    return Changes(
        forgotten=(candidate.id,),
        unreferred=() if keep_referral else (candidate.id,),
        outgoing=told if candidate.proven else (),
        events=(erased,),
    )


def _mailbox(address: str, pen: Pen) -> str:
    if not plausible(address):
        raise Unusable("--email", address, "an address such as alex.chen@company.example")
    mailbox = normal(address)
    if pen.house.plan.ours(mailbox):
        raise Unusable("--email", address, "the real mailbox, outside the relay's own domain")
    return mailbox


def _line(key: str, text: str) -> str:
    """One line of visible text. Raises Unusable."""
    text = " ".join(text.split())
    if len(text) > LONGEST or not text.isprintable():
        raise Unusable(key, text[:60], f"one line of at most {LONGEST} characters")
    return text


def _topics(topics: tuple[str, ...], names: set[str]) -> tuple[str, ...]:
    cleaned = tuple(dict.fromkeys(_line("--topic", topic).lower() for topic in topics))
    if len(cleaned) > MOST_TOPICS:
        raise Unusable("--topic", len(cleaned), f"at most {MOST_TOPICS} topics")
    taken = names & set(cleaned)
    if taken:
        raise Unusable("--topic", min(taken), "a topic that is no ambassador's name")
    return cleaned


def _languages(languages: tuple[str, ...]) -> tuple[str, ...]:
    if len(languages) > MOST_TOPICS:
        raise Unusable("--language", len(languages), f"at most {MOST_TOPICS} languages")
    return tuple(dict.fromkeys(_line("--language", one) for one in languages if one.strip()))


def _timezone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise Unusable("--timezone", name, "a time zone such as Europe/Berlin") from None
    return name


def _country(country: str) -> str:
    country = country.upper()
    if country and not hours.known_country(country):
        raise Unusable("--country", country, "a two-letter country code such as DE")
    return country


def _backup(backup: str, name: str) -> str:
    if backup.lower() == name:
        raise Unusable("--backup", backup, "the name of another ambassador")
    return backup.lower()


def _event(kind: EventKind, ambassador: Ambassador, pen: Pen) -> Event:
    return Event(pen.mint.id(pen.now), pen.now, kind, ambassador_id=ambassador.id)
