"""What one decision is about."""

from __future__ import annotations

from dataclasses import dataclass, field

from config.settings import Settings
from relay.intake.arrival import Arrival
from relay.intake.facts import Facts, employer_key
from relay.intake.orders import Orders
from relay.intake.routing import Route
from relay.notices import Pen
from screening.case import Verdict
from storage.records.events import Event, EventKind
from storage.records.people import Side


@dataclass(frozen=True, slots=True)
class Question:
    """One message to one destination, with everything that bears on it."""

    address: str  # the destination, as we write it
    arrival: Arrival
    route: Route
    facts: Facts
    verdict: Verdict
    settings: Settings
    pen: Pen
    trace: str  # this relay's loop mark
    orders: Orders = field(default_factory=Orders)  # the commands that its author may give

    @property
    def proven(self) -> bool:
        """Whether its author may be written to."""
        return self.arrival.authentication.authenticated

    @property
    def first_word(self) -> bool:
        """Whether a candidate begins a conversation with it."""
        return self.new_thread and self.route.side is Side.CANDIDATE

    @property
    def warns(self) -> bool:
        """Whether its author is to be told, once, that an employer may read along."""
        told = employer_key(self.facts.author_key) in self.facts.claimed
        return self.arrival.from_work and self.first_word and self.proven and not told

    @property
    def new_thread(self) -> bool:
        return self.route.thread.version == 0

    def event(self, kind: EventKind, **detail: str) -> Event:
        """Something that happened to this message now."""
        pen, route = self.pen, self.route
        thread_id = None if kind is EventKind.REFUSED and self.new_thread else route.thread.id
        return Event(pen.mint.id(pen.now), pen.now, kind, thread_id, route.ambassador.id, detail)
