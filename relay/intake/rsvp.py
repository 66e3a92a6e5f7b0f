"""Answers of calendars to the invitations that we sent: told to the other side in our own words."""

from __future__ import annotations

import re
from email import message_from_bytes

from relay.intake.question import Question
from relay.notices import Notice
from relay.threads.coffee import prefix
from relay.threads.reminders import first_name, to_either
from storage.records.changes import Changes
from storage.records.mail import Outgoing
from storage.records.people import Side

_LONGEST = 64 * 1024
_FOLD = re.compile(rb"\r?\n[ \t]")
_METHOD = re.compile(rb"^METHOD:(REPLY|COUNTER)\s*$", re.IGNORECASE | re.MULTILINE)
_UID = re.compile(rb"^UID:(\S+)\s*$", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(
    rb"^ATTENDEE[^\r\n]{0,900}?;PARTSTAT=\"?(ACCEPTED|DECLINED|TENTATIVE)", re.I | re.M
)


def answered(question: Question) -> Changes:
    """What follows from the answer to an invitation of this thread; nothing, if it is none."""
    answer = _answer(question)
    return Changes(outgoing=_told(question, answer)) if answer else Changes()


def _answer(question: Question) -> str:
    """accepted, declined, tentative or counter; "" if there is no such answer."""
    ours = prefix(question.route.thread).encode()
    for part in message_from_bytes(question.arrival.raw).walk():
        if part.get_content_type() != "text/calendar" and not _named_ics(part.get_filename()):
            continue
        content = part.get_payload(decode=True)
        text = _FOLD.sub(b"", content[:_LONGEST]) if isinstance(content, bytes) else b""
        method, uid, status = _METHOD.search(text), _UID.search(text), _STATUS.search(text)
        if method and uid and uid[1].startswith(ours):
            if method[1].upper() == b"COUNTER":
                return "counter"
            return status[1].decode().lower() if status else ""
    return ""


def _named_ics(name: str | None) -> bool:
    return bool(name) and str(name).lower().endswith(".ics")


def _told(question: Question, answer: str) -> tuple[Outgoing, ...]:
    route, circle, pen = question.route, question.facts.circle, question.pen
    if circle is None or circle.parties is None:
        return ()
    by_ambassador = route.side is Side.AMBASSADOR
    who = first_name(route.speaker.display_name if by_ambassador else route.candidate.name)
    notice = Notice("coffee_answer", {"who": who, "answer": answer})
    return to_either(route.side.other, notice, route.thread, circle.parties, pen)
