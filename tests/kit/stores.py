"""People, threads and mail for tests, with every field defaulted."""

from __future__ import annotations

import itertools
import secrets
from datetime import UTC, datetime
from typing import Any

from storage.mint import Mint
from storage.records.events import Event, EventKind
from storage.records.mail import Outgoing, OutgoingKind
from storage.records.people import Ambassador, Candidate, Side
from storage.records.threads import MessageIds, Thread, ThreadState

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
KEY = b"0123456789abcdef0123456789abcdef"
MINT = Mint(secrets.token_bytes)

_numbers = itertools.count(1)


def an_ambassador(name: str = "alex", **fields: Any) -> Ambassador:
    """Alex Chen, or somebody else of the same firm."""
    values: dict[str, Any] = {
        "id": MINT.id(NOW),
        "display_name": f"{name.capitalize()} Chen",
        "mailboxes": (f"{name}.chen@corp.example.test",),
        "created_at": NOW,
    }
    return Ambassador(name=name, **(values | fields))


def a_candidate(address: str | None = None, **fields: Any) -> Candidate:
    """Casey, each time with another address."""
    values: dict[str, Any] = {"id": MINT.id(NOW), "name": "Casey Miller", "created_at": NOW}
    address = address or f"casey{next(_numbers)}@mailer.test"
    return Candidate(address=address, **(values | fields))


def a_thread(ambassador: Ambassador | str, candidate: Candidate | str, **fields: Any) -> Thread:
    """A new thread of these two, waiting for the ambassador."""
    values: dict[str, Any] = {
        "id": MINT.id(NOW),
        "ambassador_id": ambassador if isinstance(ambassador, str) else ambassador.id,
        "candidate_id": candidate if isinstance(candidate, str) else candidate.id,
        "peer_token": MINT.token(),
        "guest_token": MINT.token(),
        "state": ThreadState.WAITING,
        "since": NOW,
        "opened_at": NOW,
        "last_candidate_at": NOW,
    }
    return Thread(**(values | fields))


def an_outgoing(**fields: Any) -> Outgoing:
    """A relayed message that is due at once."""
    values: dict[str, Any] = {
        "id": MINT.id(NOW),
        "kind": OutgoingKind.RELAYED,
        "recipient": "alex.chen@corp.example.test",
        "content": b"Subject: Hello\r\n\r\nIs it good to work there?\r\n",
        "created_at": NOW,
        "to": Side.AMBASSADOR,
        "return_token": MINT.token(),
    }
    return Outgoing(**(values | fields))


def an_event(kind: EventKind = EventKind.CANDIDATE_WROTE, **fields: Any) -> Event:
    """Something that happened now."""
    values: dict[str, Any] = {"id": MINT.id(NOW), "at": NOW}
    return Event(kind=kind, **(values | fields))


def message_ids(thread: Thread | str, **fields: Any) -> MessageIds:
    """The two Message-IDs of one message of the candidate's."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "thread_id": thread if isinstance(thread, str) else thread.id,
        "author": Side.CANDIDATE,
        "theirs": f"<{number}.letter@mailer.test>",
        "ours": f"<{MINT.token()}@peers.example.test>",
        "at": NOW,
    }
    return MessageIds(**(values | fields))
