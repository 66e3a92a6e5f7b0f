"""One message as it came in: what is known of it before anybody is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from screening.authentication import Authentication
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
