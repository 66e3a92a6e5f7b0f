"""rspamd: what a spam filter thinks of it (its protocol over HTTP, `/checkv2`)."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from screening.case import Disposition, Finding
from screening.message import Envelope
from screening.scanners.unanswered import PATIENCE, Unanswered

RULE = "rspamd"

_MOST = 1024 * 1024  # bytes of an answer
_FULL = 5.0  # rspamd's score that weighs as much as one word of ours
_HEAVIEST = 2.0


def rspamd(url: str, envelope: Envelope, raw: bytes) -> Finding | None:
    """What rspamd has against the message.

    It refuses what rspamd would, puts off what it would put off, and counts all else by its score:
    a spam filter does not know what a peer is. Raises Unanswered.
    """
    said = _ask(url, envelope, raw)
    action, score = said.get("action"), said.get("score")
    if not isinstance(action, str) or not isinstance(score, (int, float)):
        raise Unanswered(RULE)
    if action == "reject":
        return Finding(RULE, Disposition.REJECT, "the spam filter takes it for spam")
    if action == "soft reject":
        reason = "the spam filter asks for patience; please try again later"
        return Finding(RULE, Disposition.DEFER, reason)
    if score <= 0:
        return None
    weight = min(_HEAVIEST, score / _FULL)
    return Finding(RULE, Disposition.ACCEPT, "the spam filter has doubts about it", weight)


def _ask(url: str, envelope: Envelope, raw: bytes) -> dict[str, object]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    link = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        link.putrequest("POST", parts.path.rstrip("/") + "/checkv2")
        link.putheader("Content-Length", str(len(raw)))
        for name, value in _session(envelope):
            link.putheader(name, value.encode())
        link.endheaders(raw)
        answer = link.getresponse()
        content = answer.read(_MOST + 1)
        if answer.status != 200 or len(content) > _MOST:
            raise Unanswered(RULE)
        said = json.loads(content)
    except (OSError, HTTPException, ValueError) as error:
        raise Unanswered(RULE) from error
    finally:
        link.close()
    return said if isinstance(said, dict) else {}


def _session(envelope: Envelope) -> list[tuple[str, str]]:
    """What rspamd is told of the SMTP session; a null reverse path goes without saying."""
    known = [("IP", envelope.client), ("Helo", envelope.helo), ("From", envelope.sender)]
    rcpts = [("Rcpt", one) for one in envelope.recipients]
    return [(name, value) for name, value in (*known, *rcpts) if value]
