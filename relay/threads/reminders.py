"""Mails of ours to the people of a thread: how they are addressed, and those of a slow answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from relay.masking import names
from relay.masking.addresses import Guest, Peer
from relay.notices import Notice, Pen, Recipient, write
from relay.threads.hours import day_in
from relay.threads.parties import Parties
from screening.addresses import Mailbox
from storage.records.mail import Outgoing, OutgoingKind
from storage.records.once import Claim
from storage.records.people import Ambassador, Side
from storage.records.threads import Thread

_TOLD = timedelta(days=2)  # how long the claim lasts whose key names the day


def nudge(thread: Thread, parties: Parties, pen: Pen) -> Outgoing:
    """The reminder to the ambassador; an answer to it reaches the candidate."""
    alex, candidate = parties.ambassador, first_name(parties.candidate.name)
    facts = {
        "ambassador": first_name(alex.display_name),
        "candidate": candidate,
        "waiting": _waiting_since(thread, alex),
        "number": thread.nudges,
        "links": taps(pen.house.plan.write(Guest(thread.guest_token)), _orders(parties, pen)),
    }
    return to_ambassador(Notice("nudge", facts, OutgoingKind.NUDGE), thread, parties, pen)


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is not there; until when, if that is known."""

    until: datetime | None = None


def taps(address: str, orders: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Each command with the link that writes it to the address."""
    return tuple(
        (order, f"mailto:{quote(address, safe='@+')}?subject=Re&body={quote(order, safe='')}")
        for order in orders
    )


def _orders(parties: Parties, pen: Pen) -> tuple[str, ...]:
    """The commands that help whoever cannot answer now."""
    backup = parties.backup
    to = (f"/handoff {backup.name}",) if backup and backup.available(pen.now) else ()
    return ("/later 3d", *to, "/pass", "/pause 2w")


def escalation(
    thread: Thread, parties: Parties, pen: Pen, away: Away | None = None
) -> tuple[Outgoing, ...]:
    """The backup is asked, if there is one, and the candidate is told what happens."""
    backup, candidate = parties.backup, first_name(parties.candidate.name)
    asked = thread.backup_id is not None and backup is not None
    name = first_name(backup.display_name) if asked and backup else ""
    place = parties.ambassador.timezone
    until = day_in(place, away.until) if away and away.until else ""
    facts = {**_about(parties), "backup": name, "away": away is not None, "until": until}
    told = to_candidate(Notice("escalation_candidate", facts), thread, parties, pen)
    if not asked or backup is None:
        return told
    asked_facts = {**_about(parties), "backup": name, "candidate": candidate}
    recipient = to_colleague(backup, candidate, thread, pen)
    asks = Notice("escalation_backup", asked_facts, OutgoingKind.ESCALATION)
    return (write(pen, asks, recipient), *told)


def undeliverable(
    to: Side, gave_up: bool, thread: Thread, parties: Parties, pen: Pen
) -> tuple[Outgoing, ...]:
    """What the author of a message is told when it could not be delivered `to` the other side.

    Once a day in a thread: who writes five mails to a full mailbox need not read it five times.
    """
    once = Claim(f"notice:undeliverable:{thread.id}:{to}:{pen.now:%Y-%m-%d}", pen.now + _TOLD)
    dana, alex = parties.candidate.name, parties.ambassador.display_name
    other = first_name(dana if to is Side.CANDIDATE else alex)
    notice = Notice("undeliverable", {"other": other, "gave_up": gave_up})
    told = to_either(to.other, notice, thread, parties, pen)
    return tuple(replace(one, once=once) for one in told)


def to_either(
    side: Side,
    notice: Notice,
    thread: Thread,
    parties: Parties,
    pen: Pen,
    answers_to: Mailbox | None = None,
) -> tuple[Outgoing, ...]:
    """A notice in the thread to whoever is on that side; see `to_candidate`."""
    if side is Side.CANDIDATE:
        return to_candidate(notice, thread, parties, pen, answers_to)
    return (to_ambassador(notice, thread, parties, pen, answers_to),)


def to_ambassador(
    notice: Notice, thread: Thread, parties: Parties, pen: Pen, answers_to: Mailbox | None = None
) -> Outgoing:
    """A notice in the ambassador's thread, answered there or at `answers_to`."""
    candidate = first_name(parties.candidate.name)
    recipient = to_colleague(parties.ambassador, candidate, thread, pen, parties.ambassador_knows)
    return write(pen, notice, replace(recipient, answers_to=answers_to or recipient.answers_to))


def to_candidate(
    notice: Notice,
    thread: Thread,
    parties: Parties,
    pen: Pen,
    answers_to: Mailbox | None = None,
) -> tuple[Outgoing, ...]:
    """A notice in the candidate's thread, answered there or at `answers_to`.

    None, if the address was never proven, wants no mail, or mail to it comes back.
    """
    candidate = parties.candidate
    if not candidate.proven or candidate.stopped or candidate.suspended:
        return ()
    alex = parties.ambassador
    peer = pen.house.plan.write(Peer(alex.name, thread.peer_token))
    recipient = Recipient(
        candidate.address,
        candidate.language,
        Side.CANDIDATE,
        thread.id,
        alex.id,
        answers_to or Mailbox(peer, first_name(alex.display_name)),
        parties.candidate_knows,
    )
    filled = replace(notice, facts={**_about(parties), **notice.facts})
    return (write(pen, filled, recipient),)


def to_colleague(
    ambassador: Ambassador, candidate: str, thread: Thread, pen: Pen, knows: str = ""
) -> Recipient:
    """Somebody on the company's side of a thread; an answer reaches the candidate."""
    guest = pen.house.plan.write(Guest(thread.guest_token))
    return Recipient(
        ambassador.mailbox,
        to=Side.AMBASSADOR,
        thread_id=thread.id,
        ambassador_id=ambassador.id,
        answers_to=Mailbox(guest, candidate),
        refers_to=knows,
    )


def _about(parties: Parties) -> dict[str, object]:
    return {"ambassador": first_name(parties.ambassador.display_name)}


def first_name(name: str) -> str:
    """What of a name is fit to be shown: the given name, however it is written, and no address."""
    without_address = " ".join(word for word in name.split() if "@" not in word)
    return names.first_name(without_address) or "Somebody"


def _waiting_since(thread: Thread, ambassador: Ambassador) -> str:
    at = thread.last_candidate_at or thread.opened_at
    return day_in(ambassador.timezone, at).isoformat()
