"""What becomes of one message to one destination."""

from __future__ import annotations

from dataclasses import dataclass, field

from relay.intake.replies import Reply
from storage.records.changes import Changes


@dataclass(frozen=True, slots=True)
class Decision:
    """What the client is told, and what is written before it is told."""

    reply: Reply
    changes: Changes = field(default_factory=Changes)
