"""Mailboxes, and the only door to flanker's address parser."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address with the name beside it (RFC 5322 section 3.4). `address` is as written."""

    address: str
    name: str = ""
