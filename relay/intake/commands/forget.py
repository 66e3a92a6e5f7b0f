"""`forget me`."""

from __future__ import annotations

from dataclasses import replace

from relay import roster
from relay.intake.asker import Asker
from relay.notices import Notice, Pen, Recipient, write
from storage.records import Changes


def forget(asker: Asker, words: str, pen: Pen) -> Changes:
    """forget me: everything stored about you is erased, and you get a confirmation"""
    if asker.candidate is None:
        return Changes(outgoing=(write(pen, Notice("forgotten"), Recipient(asker.address)),))
    return roster.forget(replace(asker.candidate, proven=True), pen)
