"""What one decision is about."""

from __future__ import annotations

from dataclasses import dataclass

from config.settings import Settings
from relay.intake.arrival import Arrival
from relay.intake.facts import Facts
from relay.intake.routing import Route
from relay.notices import Pen
from screening.case import Verdict
from storage.records import Event, EventKind


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

    @property
    def proven(self) -> bool:
        """Whether its author may be written to."""
        return self.arrival.authentication.authenticated

    @property
    def new_thread(self) -> bool:
        return self.route.thread.version == 0

    def event(self, kind: EventKind, **detail: str) -> Event:
        """Something that happened to this message now."""
        pen, route = self.pen, self.route
        thread_id = None if kind is EventKind.REFUSED and self.new_thread else route.thread.id
        return Event(pen.mint.id(pen.now), pen.now, kind, thread_id, route.ambassador.id, detail)
