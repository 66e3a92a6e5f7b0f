"""The mails of a slow answer: to the ambassador, to the backup, to the candidate."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from relay.masking.addresses import Guest, Peer
from relay.notices import Notice, Pen, Recipient, write
from relay.threads.parties import Parties
from screening.addresses import Mailbox
from storage.records import Ambassador, Outgoing, OutgoingKind, Side, Thread


def nudge(thread: Thread, parties: Parties, pen: Pen) -> Outgoing:
    """The reminder to the ambassador; an answer to it reaches the candidate."""
    alex, candidate = parties.ambassador, first_name(parties.candidate.name)
    facts = {
        "ambassador": first_name(alex.display_name),
        "candidate": candidate,
        "waiting": _waiting_since(thread, alex),
        "number": thread.nudges,
        "links": (),
    }
    recipient = _colleague(alex, candidate, thread, pen, parties.ambassador_knows)
    return write(pen, Notice("nudge", facts, OutgoingKind.NUDGE), recipient)


def escalation(thread: Thread, parties: Parties, pen: Pen) -> tuple[Outgoing, ...]:
    """The backup is asked, if there is one, and the candidate is told what happens."""
    backup, candidate = parties.backup, first_name(parties.candidate.name)
    asked = thread.backup_id is not None and backup is not None
    name = first_name(backup.display_name) if asked and backup else ""
    notice = Notice("escalation_candidate", {**_about(parties), "backup": name})
    told = to_candidate(notice, thread, parties, pen)
    if not asked or backup is None:
        return told
    facts = {**_about(parties), "backup": name, "candidate": candidate}
    recipient = _colleague(backup, candidate, thread, pen)
    asks = Notice("escalation_backup", facts, OutgoingKind.ESCALATION)
    return (write(pen, asks, recipient), *told)


def undeliverable(
    to: Side, gave_up: bool, thread: Thread, parties: Parties, pen: Pen
) -> tuple[Outgoing, ...]:
    """What the author of a message is told when it could not be delivered `to` the other side."""
    candidate = first_name(parties.candidate.name)
    if to is Side.AMBASSADOR:
        other = first_name(parties.ambassador.display_name)
        notice = Notice("undeliverable", {"other": other, "gave_up": gave_up})
        return to_candidate(notice, thread, parties, pen)
    notice = Notice("undeliverable", {"other": candidate, "gave_up": gave_up})
    alex = _colleague(parties.ambassador, candidate, thread, pen, parties.ambassador_knows)
    return (write(pen, notice, alex),)


def to_candidate(
    notice: Notice, thread: Thread, parties: Parties, pen: Pen
) -> tuple[Outgoing, ...]:
    """A notice in the candidate's thread; none, if the address was never proven."""
    candidate = parties.candidate
    if not candidate.proven:
        return ()
    alex = parties.ambassador
    peer = pen.house.plan.write(Peer(alex.name, thread.peer_token))
    recipient = Recipient(
        candidate.address,
        candidate.language,
        Side.CANDIDATE,
        thread.id,
        alex.id,
        Mailbox(peer, first_name(alex.display_name)),
        parties.candidate_knows,
    )
    filled = Notice(notice.template, {**_about(parties), **notice.facts}, notice.kind)
    return (write(pen, filled, recipient),)


def _colleague(
    ambassador: Ambassador, candidate: str, thread: Thread, pen: Pen, knows: str = ""
) -> Recipient:
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
    """The part of a name that is fit to be shown: the first word that is no address."""
    words = [word for word in name.split() if "@" not in word]
    return words[0].strip(",;") if words else "Somebody"


def _waiting_since(thread: Thread, ambassador: Ambassador) -> str:
    at = thread.last_candidate_at or thread.opened_at
    return at.astimezone(ZoneInfo(ambassador.timezone)).date().isoformat()
