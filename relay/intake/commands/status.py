"""`status`."""

from __future__ import annotations

from relay.intake.asker import Asker
from relay.notices import Notice, Pen, Recipient, write
from storage.records import Changes


def status(asker: Asker, words: str, pen: Pen) -> Changes:
    """status: which conversations of yours are open, and whose turn it is"""
    lines = tuple((one.id, "", one.opened_at.date(), one.state.value) for one in asker.threads)
    facts = {"threads": lines, "most": 0, "opened": 0, "away": False, "until": ""}
    notice = Notice("status", facts)
    return Changes(outgoing=(write(pen, notice, Recipient(asker.address)),))
