"""Was it written by a machine? Machines are neither carried nor answered (RFC 3834)."""

from __future__ import annotations

import re

from screening.case import Case, Disposition, Finding
from screening.message import Attachment, Message
from screening.rules.absence import absent

RULE = "automatic"

# Whatever they say; no person's mail program writes them.
_MARKS = re.compile(
    r"x-(mail-)?auto-?(repl(y|ied)|respond(er)?|response|generated)(-from)?|x-vacation"
    r"|x-fc-machinegenerated|x-amazon-auto-reply|auto-responder"
)
_LISTS = frozenset(
    {"list-id", "list-post", "list-owner", "list-archive", "list-subscribe", "list-help"}
    | {"list-unsubscribe", "list-unsubscribe-post", "mailing-list"}
)
_BULK = frozenset({"bulk", "junk", "auto_reply", "auto-reply", "list"})
_SUPPRESSED = frozenset({"all", "oof", "autoreply"})
_UNREAD = (
    r"(no[._-]?reply|do[._-]?not[._-]?reply|(keine|nicht)[._-]?antwort(en)?|ne[._-]?pas[._-]?repondre"
    r"|(no|nao)[._-]?respond(er|a|as)|non[._-]?rispondere|niet[._-]?beantwoorden|nie[._-]?odpowiadac"
    r"|svara[._-]?inte|ikke[._-]?svar|neodpovidat)"
)
_MACHINES = re.compile(
    rf"({_UNREAD}|mailer[._-]?daemon|mail-system|postmaster|auto[._-]?(reply|responder|mailer|mail)|bounces?"
    r"|(\w+[._-])?(notifications?|newsletters?|alerts?|mailings?)|notify|notifier|daemon|cron|calendar-server)"
    rf"([+._-].*)?|.*[+._-]{_UNREAD}",
    re.IGNORECASE,
)
_REPORTS = frozenset(
    {"multipart/report", "message/delivery-status", "message/global-delivery-status"}
    | {"message/disposition-notification", "message/feedback-report"}
)
_END = re.compile(r"[\s;(]")
_COMMENT = re.compile(r"\([^()]*\)")
_ANSWER = re.compile(rb"^METHOD:(REPLY|COUNTER|DECLINECOUNTER|REFRESH)\s*$", re.I | re.M)
# In a conversation it ends an invitation that went before; to a stranger it says nothing.
_CANCEL = re.compile(rb"^METHOD:CANCEL\s*$", re.I | re.M)


def automatic(case: Case) -> Finding | None:
    """It was written by a machine, and machines are not answered."""
    message = case.message
    reason = (
        (not case.envelope.sender and "it came with the null reverse path, as reports do")
        or _said(message)
        or (not case.first_contact and _listed(message))
        or _report(message)
        or (case.first_contact and _cancelled(message))
        or _machine(message)
        or _note(message)
    )
    return Finding(RULE, Disposition.DISCARD, reason) if reason else None


def _said(message: Message) -> str:
    submitted = _word(message.header("Auto-Submitted", "no"))
    if submitted not in ("no", ""):
        return "it says that it was sent automatically"
    if _word(message.header("Precedence")) in _BULK:
        return "it says that it is bulk mail"
    suppressed = {
        word.strip() for word in message.header("X-Auto-Response-Suppress").lower().split(",")
    }
    if suppressed & _SUPPRESSED or _marked(message):
        return "it says that it is an automatic answer"
    return ""


def _marked(message: Message) -> bool:
    """Whether it has a field that responders alone write."""
    told = (*message.all("X-Post-MessageClass"), *message.all("Delivered-To"))
    return any("autoresponder" in value.lower() for value in told) or any(
        any(values) for name, values in message.by_name.items() if _MARKS.fullmatch(name)
    )


def _listed(message: Message) -> str:
    """In a conversation nobody answers through a list; a first contact is judged by `bulk`."""
    return "" if _LISTS.isdisjoint(message.by_name) else "a mailing list sent it"


def _report(message: Message) -> str:
    kinds = {message.content_type, *(one.content_type for one in message.attachments)}
    named = _word(message.header("Content-Type"))  # which need not be what it holds
    if (kinds | {named}) & _REPORTS:
        return "it is a delivery report or a receipt"
    answers = (_ANSWER.search(one.head) for one in message.attachments if _calendar(one))
    return "it is a calendar's answer to an invitation" if any(answers) else ""


def _cancelled(message: Message) -> str:
    events = (_CANCEL.search(one.head) for one in message.attachments if _calendar(one))
    return "it cancels a meeting that nobody here knows of" if any(events) else ""


def _calendar(part: Attachment) -> bool:
    return part.content_type == "text/calendar" or part.name.lower().endswith(".ics")


def _note(message: Message) -> str:
    found = absent(message.header("Subject"), message.text)
    return "it reads like an automatic absence note" if found else ""


def _machine(message: Message) -> str:
    local = message.author.address.rpartition("@")[0]
    return "its author is a machine that reads no answers" if _MACHINES.fullmatch(local) else ""


def _word(value: str) -> str:
    return _END.split(_COMMENT.sub(" ", value).strip().lower(), maxsplit=1)[0]
