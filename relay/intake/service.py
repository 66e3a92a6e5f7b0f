"""Mail to the relay itself: the desk, the postmaster, and delivery reports. No I/O."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from config.settings import Policy, Settings
from relay.intake import replies
from relay.intake.arrival import Arrival
from relay.intake.asker import Asker
from relay.intake.bounces import Returned, bounced
from relay.intake.decide import Decision
from relay.intake.desk import ask
from relay.intake.dsn import read
from relay.intake.facts import Facts, rates_key, received_key
from relay.masking.addresses import Desk
from relay.notices import Pen
from screening.case import Case, Disposition
from screening.screen import screen
from storage.records import Changes, Outgoing, OutgoingKind


def at_the_desk(
    asker: Asker, arrival: Arrival, facts: Facts, settings: Settings, pen: Pen
) -> Decision:
    """A command from a proven author; automatic mail is taken and nothing done about it."""
    refusal = _refusal(arrival, facts, settings, pen)
    if refusal is not None:
        return refusal
    if not arrival.authentication.authenticated:
        undecided = arrival.authentication.undecided
        return Decision(replies.UNDECIDED if undecided else replies.NOT_PROVEN)
    changes = ask(asker, arrival.message.text, pen)
    hits = Changes(hits=(rates_key("author", facts.author_key),))
    return Decision(replies.ACCEPTED, changes + hits)


def for_the_postmaster(
    recipient: str, arrival: Arrival, facts: Facts, settings: Settings, pen: Pen
) -> Decision:
    """The whole message goes to the postmaster as an attachment (RFC 5321 section 4.5.1)."""
    refusal = _refusal(arrival, facts, settings, pen)
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
    hits = (rates_key("author", facts.author_key),)
    return Decision(replies.ACCEPTED, Changes(outgoing=(outgoing,), hits=hits))


def reported(returned: Returned | None, arrival: Arrival, pen: Pen) -> Decision:
    """A delivery report to one of our reverse paths; what is no report is refused."""
    report = read(arrival.raw)
    if report is None:
        return Decision(replies.NOT_A_REPORT)
    if returned is None:
        return Decision(replies.ACCEPTED)
    return Decision(replies.ACCEPTED, bounced(returned, report, pen))


def _refusal(arrival: Arrival, facts: Facts, settings: Settings, pen: Pen) -> Decision | None:
    """What any mail to the relay itself must pass: no machine, no forgery, no flood."""
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
    if (
        verdict.disposition is Disposition.DISCARD
        or received_key(arrival, pen.house.plan.write(Desk())) in facts.claimed
    ):
        return Decision(replies.ACCEPTED)
    if verdict.disposition in (Disposition.REJECT, Disposition.DEFER):
        return Decision(replies.refused(verdict.findings[0]))
    return None
