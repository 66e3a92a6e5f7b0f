"""Mail to the relay itself: the desk, the postmaster, and delivery reports. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from config.settings import Policy, Settings
from relay.intake import consent, opinion, own_address, replays, replies, verdicts
from relay.intake.arrival import Arrival
from relay.intake.bounces import Returned, bounced
from relay.intake.decision import Decision
from relay.intake.desk import ask
from relay.intake.dsn import read
from relay.intake.facts import Facts
from relay.intake.replies import Reply
from relay.intake.routing import bound
from relay.masking.addresses import Desk, Destination, Postmaster
from relay.notices import Pen
from relay.threads.unreachable import heard_from
from screening.case import Case, Disposition
from screening.screen import screen
from storage.records.changes import Changes
from storage.records.mail import Outgoing, OutgoingKind
from storage.records.once import RequestKind

Answered = Callable[[Arrival, Facts, Settings, Pen], Changes | Reply]

# Each sees to it that whoever was asked answers; that they are proven is seen to before.
QUESTIONS: Mapping[RequestKind, Answered] = {
    RequestKind.RECOMMEND: consent.answered,
    RequestKind.OPINION: opinion.answered,
    RequestKind.OWN_ADDRESS: own_address.answered,
    RequestKind.DECISION: verdicts.answered,
}


def at_the_desk(
    desk: Desk, arrival: Arrival, facts: Facts, settings: Settings, pen: Pen
) -> Decision:
    """A command from a proven author; automatic mail is taken and nothing done about it.

    With a token it is the answer to a question of ours, by the one who was asked.
    """
    refusal = _refusal(desk, arrival, facts, settings, pen)
    if refusal is not None:
        return refusal
    if not arrival.authentication.authenticated:
        undecided = arrival.authentication.undecided
        return Decision(replies.UNDECIDED if undecided else replies.NOT_PROVEN)
    if not bound(desk, arrival, pen.house.plan):
        return Decision(replies.NAME_THE_ADDRESS)
    changes = (_answered if desk.token else ask)(arrival, facts, settings, pen)
    if isinstance(changes, Reply):
        return Decision(changes)
    if facts.author is not None:
        changes = heard_from(facts.author, changes)
    return Decision(replies.ACCEPTED, changes + _once(desk, arrival, facts, pen))


def _answered(arrival: Arrival, facts: Facts, settings: Settings, pen: Pen) -> Changes | Reply:
    """What the answer to a question of ours changes, or why it does nothing."""
    if facts.request is None or facts.candidate is None:
        return replies.ANSWERED_BEFORE
    return QUESTIONS[facts.request.kind](arrival, facts, settings, pen)


def for_the_postmaster(
    recipient: str, arrival: Arrival, facts: Facts, settings: Settings, pen: Pen
) -> Decision:
    """The whole message goes to the postmaster as an attachment (RFC 5321 section 4.5.1)."""
    refusal = _refusal(Postmaster("postmaster"), arrival, facts, settings, pen)
    if refusal is not None:
        return refusal
    desk = pen.house.plan.write(Desk())
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{pen.house.plan.domain} <{desk}>"
    mail["To"] = recipient
    mail["Subject"] = f"Mail to the postmaster of {pen.house.plan.domain}"
    mail["Date"] = format_datetime(pen.now)
    mail["Message-ID"] = f"<{pen.mint.token()}@{pen.house.plan.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("Somebody wrote to the postmaster. Their message is attached as it came.\n")
    mail.add_attachment(
        arrival.raw, maintype="application", subtype="octet-stream", filename="message.eml"
    )
    mail.set_boundary(f"=_{pen.mint.token()}")
    outgoing = Outgoing(
        pen.mint.id(pen.now), OutgoingKind.NOTICE, recipient, mail.as_bytes(), pen.now
    )
    once = _once(Postmaster("postmaster"), arrival, facts, pen)
    return Decision(replies.ACCEPTED, Changes(outgoing=(outgoing,)) + once)


def reported(returned: Returned | None, arrival: Arrival, pen: Pen) -> Decision:
    """A delivery report to one of our reverse paths; what is no report is refused."""
    report = read(arrival.raw)
    if report is None:
        return Decision(replies.NOT_A_REPORT)
    if returned is None:
        return Decision(replies.ACCEPTED)
    return Decision(replies.ACCEPTED, bounced(returned, report, pen))


def _once(destination: Destination, arrival: Arrival, facts: Facts, pen: Pen) -> Changes:
    """The message counts, and the same or its signature does nothing a second time."""
    address = pen.house.plan.write(destination)
    return Changes(claims=replays.once(arrival, address, pen.now), hits=facts.meters)


def _refusal(
    destination: Destination, arrival: Arrival, facts: Facts, settings: Settings, pen: Pen
) -> Decision | None:
    """What any mail to the relay itself must pass: no machine, no forgery, no flood, no replay."""
    case = Case(
        message=arrival.message,
        envelope=arrival.envelope,
        authentication=arrival.authentication,
        policy=Policy.OPEN,
        require_auth=settings.screening.require_auth,
        first_contact=False,
        history=facts.history,
        domain=pen.house.plan.domain,
    )
    verdict = screen(case)
    address = pen.house.plan.write(destination)
    before = replays.had_before(arrival, address, facts.claimed)
    if verdict.disposition is Disposition.DISCARD or before:
        return Decision(replies.ACCEPTED)
    if verdict.disposition in (Disposition.REJECT, Disposition.DEFER):
        return Decision(replies.refused(verdict.findings[0]))
    return Decision(replies.wait(facts.exhausted)) if facts.exhausted else None
