"""Delivery reports: what became of a mail of ours, as RFC 3464 or the older forms tell it.

Bounded and without a MIME parser: a report comes from anybody, and says what it says at its top.
Nothing of its text is kept but the status code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

from relay.intake.dsn_parts import Part, leaves

_STATUS_KINDS = ("message/delivery-status", "message/global-delivery-status")
_BLOCKS = 100  # recipients of one report that are looked at
_CODE = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_REPLY = re.compile(r":\s*(?:smtp;\s*)?([45])\d\d[ -]")  # a reply without an enhanced code


class Action(StrEnum):
    """RFC 3464 section 2.3.3."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@dataclass(frozen=True, slots=True)
class Report:
    """`status` is an enhanced code such as "5.1.1" (RFC 3463), or empty where none was given.

    A failure is final in any case; `permanent` says that a later mail would fail as well, and not
    that this one only came at a bad time (4.x.x: it was tried for too long).
    """

    action: Action
    status: str = ""

    @property
    def failed(self) -> bool:
        return self.action is Action.FAILED

    @property
    def permanent(self) -> bool:
        return self.failed and not self.status.startswith("4")


def read(raw: bytes) -> Report | None:
    """The report that this message is; None if it is none, such as an absence note."""
    top, parts = leaves(raw)
    if any(part.kind == "message/disposition-notification" for part in parts):
        return None  # a read receipt
    for part in parts:
        if part.kind in _STATUS_KINDS and (report := _from_fields(part.text)):
            return report
    if not _from_a_mail_system(top):
        return None
    texts = [unescape(part.text) for part in parts if part.kind in ("text/plain", "text/html")]
    for text in texts:
        # Gateways turn the machine's part into a text attachment.
        if "\nfinal-recipient:" in text.lower() and (report := _from_fields(text)):
            return report
    return _from_prose(top, " ".join(texts[0].split())) if texts else None


# --- the standard form -----------------------------------------------------------------------


def _from_fields(text: str) -> Report | None:
    """From the fields of RFC 3464. Of several recipients all must have failed for a failure."""
    blocks = re.split(r"\n[ \t]*\n", text, maxsplit=_BLOCKS)[:_BLOCKS]
    found = {report.action: report for block in blocks if (report := _of_recipient(block))}
    mildest = (Action.DELIVERED, Action.RELAYED, Action.EXPANDED, Action.DELAYED, Action.FAILED)
    return next((found[action] for action in mildest if action in found), None)


def _of_recipient(block: str) -> Report | None:
    fields: dict[str, str] = {}
    for line in re.sub(r"\n[ \t]+", " ", block).split("\n"):
        name, _, value = line.partition(":")
        fields.setdefault(name.strip().lower(), value.strip().lower())
    status = _code(fields.get("status", ""), fields.get("diagnostic-code", ""))
    said = re.match(r"[a-z]+", fields.get("action", ""))
    by_class = {"5": Action.FAILED, "4": Action.DELAYED, "2": Action.DELIVERED}
    if said and said[0] in tuple(Action):
        return _report(Action(said[0]), status)
    return Report(by_class[status[0]], status) if status and "status" in fields else None


def _report(action: Action, status: str) -> Report:
    """A success code beside a failure is a mistake that servers make; it tells nothing."""
    contradicts = action is Action.FAILED and status.startswith("2")
    return Report(action, "" if contradicts else status)


def _code(*texts: str) -> str:
    """The first enhanced code in these texts that is not a bare success or a placeholder."""
    codes = [match[0] for text in texts for match in _CODE.finditer(text[:2000])]
    return next((code for code in codes if not code.endswith(".0.0")), codes[0] if codes else "")


# --- reports in prose ------------------------------------------------------------------------

_MAIL_SYSTEM = re.compile(
    r"mailer[-_. ]?daemon|postmaster|mail delivery|microsoft exchange|system administrator"
)
_SUBJECT = re.compile(
    r"undeliver|nondeliver|not? deliver|returned mail|returning message|failure notice"
    r"|deliver\w* (?:status|report|fail|delay|incomplete)|fail\w* deliver|mail system error"
    r"|warning: (?:message|could not send)|unzustellbar|non remis"
)
# Where the returned mail begins; its words are not the mail system's.
_COPY = re.compile(
    r"-- ?(?:this is a copy|below this line is a copy|(?:the )?(?:returned|original) message"
    r"|message header follows|message text follows)"
)
_DELAYED = re.compile(
    r"this is a warning(?: message)? only|not yet been delivered|has been delayed"
    r"|attempts? will continue|do not need to resend|will (?:keep trying|be retried|retry for)"
    r"|still undelivered after"
)
_FAILED = re.compile(
    r"could(?: not|n['’]t) be delivered|(?:was not|wasn['’]t) delivered to|failed permanently"
    r"|(?:wasn['’]t able|were unable|unable|not able) to deliver (?:your |the )?message"
    r"|did not reach the following recipient|delivery has failed to these"
    r"|delivery to the following recipients? failed|permanent(?: fatal)? errors?"
    r"|(?:was|were) undeliverable|undeliverable to the following|address\(?es\)? failed"
)


def _from_a_mail_system(top: Part) -> bool:
    fields = top.fields
    return (
        "x-failed-recipients" in fields
        or "x-ms-exchange-message-is-ndr" in fields
        or top.kind == "multipart/report"
        or bool(_MAIL_SYSTEM.search(fields.get("from", "").lower()))
        or bool(_SUBJECT.search(fields.get("subject", "").lower()))
    )


def _from_prose(top: Part, text: str) -> Report | None:
    """From the words of Exim, qmail, Sendmail, Gmail, Exchange and their kin."""
    said = re.sub(r"<[^<>]*>", " ", text.lower())
    said = _COPY.split(said, maxsplit=1)[0]
    if _DELAYED.search(said):
        return Report(Action.DELAYED, _said_code(said, "4"))
    if "x-failed-recipients" in top.fields or _FAILED.search(said):
        return Report(Action.FAILED, _said_code(said, "5"))
    return None


def _said_code(text: str, wanted: str) -> str:
    """An enhanced code in prose, best of the class that fits; else one of the reply's class."""
    codes = [match[0] for match in _CODE.finditer(text) if match[0][0] in "45"]
    if codes:
        return next((code for code in codes if code.startswith(wanted)), codes[0])
    reply = _REPLY.search(text)
    return f"{reply[1]}.0.0" if reply else ""
