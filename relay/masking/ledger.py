"""What is noted while one message is masked."""

from __future__ import annotations

from dataclasses import dataclass, field

from relay.masking.scrub.inside import Budget
from relay.masking.values import Removed


@dataclass
class Ledger:
    """Filled from top to bottom of one message, then read once."""

    removed: dict[Removed, None] = field(default_factory=dict)
    left_out: dict[str, None] = field(default_factory=dict)
    telling: bool = False  # whether one of those might go if its author let it
    notes: list[str] = field(default_factory=list)  # lines for the reader
    typed: dict[str, None] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)  # of all its attachments

    def remove(self, what: str, why: str) -> None:
        self.removed[Removed(what, why)] = None
