"""One message as it came in: what is known of it before anybody is looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from relay.intake.orders import Orders
from screening.authentication import Authentication
from screening.case import Finding
from screening.message import Envelope, Message


@dataclass(frozen=True, slots=True)
class Arrival:
    """`digest` is the SHA-256 of `raw`."""

    envelope: Envelope
    raw: bytes
    digest: bytes
    message: Message
    authentication: Authentication
    at: datetime
    orders: Orders = field(default_factory=Orders)  # at its top, whoever wrote it
    from_work: bool = False  # its author seems to write from an employer's address
    scanned: tuple[Finding, ...] = ()  # what outside scanners found in it
