"""`status`."""

from __future__ import annotations

from relay.intake.asker import Asker
from relay.notices import Notice, Pen, Recipient, write
from storage.records import Changes


def status(asker: Asker, words: str, pen: Pen) -> Changes:
    """status: which conversations of yours are open, and whose turn it is"""
    lines = tuple(f"{thread.opened_at:%Y-%m-%d}: {thread.state.value}" for thread in asker.threads)
    notice = Notice("status", {"threads": lines})
    return Changes(outgoing=(write(pen, notice, Recipient(asker.address)),))
