"""A message that comes again: how it is known, and how it is kept from doing anything twice."""

from __future__ import annotations

import hashlib
from collections.abc import Set
from datetime import datetime, timedelta

from relay.intake.arrival import Arrival
from storage.records.once import Claim

REMEMBER_RECEIVED = timedelta(days=1)
REMEMBER_SIGNATURE = timedelta(days=400)


def keys(arrival: Arrival, address: str) -> tuple[str, ...]:
    """Names these bytes to this destination, and the signatures that prove their author."""
    return _received(arrival, address), *_signed(arrival, address)


def had_before(arrival: Arrival, address: str, claimed: Set[str]) -> bool:
    """Whether it, or one of its signatures, has been here."""
    return not claimed.isdisjoint(keys(arrival, address))


def once(arrival: Arrival, address: str, now: datetime) -> tuple[Claim, ...]:
    """From now on it has."""
    received = Claim(_received(arrival, address), now + REMEMBER_RECEIVED)
    signed = (Claim(key, now + REMEMBER_SIGNATURE) for key in _signed(arrival, address))
    return received, *signed


def _received(arrival: Arrival, address: str) -> str:
    """These bytes to this destination, however often they come."""
    return f"received:{hashlib.sha256(address.encode() + arrival.digest).hexdigest()}"


def _signed(arrival: Arrival, address: str) -> tuple[str, ...]:
    """Every signature at this destination that proves the author, or could once the others are cut
    off, whatever was put around the message since."""
    each = (f"{one} {address}".encode() for one in sorted(arrival.authentication.fingerprints))
    return tuple(f"signature:{hashlib.sha256(one).hexdigest()}" for one in each)
