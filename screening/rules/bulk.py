"""Did a mailing list or a campaign tool send it? A peer writes to one person, from a mailbox."""

from __future__ import annotations

import re

from config.settings import Policy
from screening.case import Case, Disposition, Finding
from screening.message import Message

RULE = "bulk"

_LIST = ("List-Id", "List-Post", "List-Owner", "List-Archive", "List-Subscribe", "Mailing-List")
_UNSUBSCRIBE = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Help")
# Feedback-ID is none of these: some providers of personal mail set it on every message.
_TOOLS = re.compile(
    r"x-(campaign|mailchimp|mc-user|mandrill|mailgun-(sid|tag)|sg-e?id|ses-outgoing|hubspot|"
    r"marketo|sfmc|cm-|mailjet|mj-|sib|brevo|sendinblue|klaviyo|pardot|constantcontact|roving|"
    r"acelle|mautic|listmember|phplist|sendy|lemlist|outreach|salesloft|mailer-recptid|bulk)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>,;:\"()]{1,64}@[^\s<>,;:\"()]{1,253}")
_READ = 64 * 1024  # characters of To and Cc


def bulk(case: Case) -> Finding | None:
    """It was sent to many at once."""
    message = case.message
    from_list = any(message.header(name) for name in _LIST)
    campaign = any(message.header(name) for name in _UNSUBSCRIBE)
    tool = any(_TOOLS.match(name) for name, _ in message.headers)
    if not (from_list or campaign or tool):
        return None
    if not addressed(message, case):
        reason = "it was sent to many, and the ambassador is not named among its recipients"
        return Finding(RULE, Disposition.DISCARD, reason)
    if (from_list or campaign) and case.policy is Policy.OPEN:
        return Finding(RULE, Disposition.HOLD, "it has the marks of a list or a campaign")
    if from_list or campaign:
        reason = "a list or a campaign tool sent it; please write from your own mailbox"
        return Finding(RULE, Disposition.REJECT, reason)
    return Finding(RULE, Disposition.ACCEPT, "it was sent with a tool for campaigns", weight=1.0)


def addressed(message: Message, case: Case) -> bool:
    """Whether To or Cc name the ambassador's masked address, one of its tags, or the recipient."""
    wanted = {case.addressee.masked.lower(), *(one.lower() for one in case.envelope.recipients)}
    text = " ".join((*message.all("To"), *message.all("Cc")))[:_READ]
    named = {_untagged(address) for address in _ADDRESS.findall(text.lower())}
    return bool(named & {_untagged(address) for address in wanted if address})


def _untagged(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
