"""What it takes to write a mail in a test: fixed words, fixed time, counted ids."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from functools import cache

from relay.masking.addresses import Plan
from relay.notices import House, Pen
from storage.mint import Mint
from templates.render import Templates

DOMAIN = "peers.example.test"


@cache
def a_house() -> House:
    return House(Plan(DOMAIN), "Example Corp", "en", Templates(None))


def a_mint() -> Mint:
    """Ids and tokens that differ, and are the same in each run."""
    numbers = itertools.count(1)
    return Mint(lambda length: next(numbers).to_bytes(length, "big"))


def a_pen(now: datetime) -> Pen:
    return Pen(a_house(), now, a_mint())


def a_working_monday() -> datetime:
    return datetime(2026, 11, 16, 9, tzinfo=UTC)
