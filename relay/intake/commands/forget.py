"""`forget me`."""

from __future__ import annotations

import re
from dataclasses import replace

from relay import roster
from relay.intake.scene import Done, Scene, Undone
from relay.notices import Notice
from storage.records.changes import Changes

_WHOM = re.compile(r"(me|us|myself)\b", re.IGNORECASE)


def forget(scene: Scene, words: str) -> Done:
    """forget me: everything stored about you is erased, and you get a confirmation"""
    if words and not _WHOM.match(words):
        # It cannot be undone, and "Forget it" or "Forget all I said" means something else.
        raise Undone("unknown")
    if scene.candidate is None:
        told = Changes(outgoing=(scene.tell(Notice("forgotten")),))
        return Done(told, confirmed=False, ends=True)
    keep = scene.settings.referral.keep_after_forget
    erased = roster.forget(replace(scene.candidate, proven=True), scene.pen, keep)
    return Done(erased, confirmed=False, ends=True)
