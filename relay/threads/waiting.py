"""A message that waits for somebody's word, with all that the decision on it concerns."""

from __future__ import annotations

from dataclasses import dataclass

from relay.threads.parties import Parties, parties
from storage import outbox, threads
from storage.database import Connection
from storage.records.mail import OutboxItem, OutgoingState, Reason
from storage.records.threads import Thread

GATE = "gate"  # the rule that holds what would show its author's address
OWN_ADDRESS = "own_address"  # the rule by which an author is asked about an address they typed
EMPLOYER = "employer"  # the rule that has a candidate warned before anything is passed on


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message, its thread, and what else of the same author's waits in that thread."""

    item: OutboxItem
    thread: Thread
    parties: Parties
    beside: tuple[OutboxItem, ...] = ()


def waiting(connection: Connection, item_id: str) -> Waiting | None:
    """The item of that id, whatever its state; None if it is gone or concerns nobody known."""
    item = outbox.item(connection, item_id)
    thread_id = item.outgoing.thread_id if item else None
    thread = threads.thread(connection, thread_id) if thread_id else None
    everybody = parties(connection, thread) if thread else None
    if item is None or thread is None or everybody is None:
        return None
    others = outbox.held_in_thread(connection, thread.id)
    beside = tuple(
        one for one in others if one.outgoing.id != item_id and one.outgoing.to is item.outgoing.to
    )
    return Waiting(item, thread, everybody, beside)


def is_waiting(item: OutboxItem) -> bool:
    """Whether nobody has decided on it yet."""
    return item.outgoing.state in (OutgoingState.HELD, OutgoingState.ASKED)


def waits_for_answer(item: OutboxItem) -> bool:
    """Whether it waits for what its author answers in the thread."""
    return item.outgoing.state is OutgoingState.ASKED and not asked_about_address(item)


def was_doubted(item: OutboxItem) -> bool:
    """Whether its author was asked what they want, and not only whether it is to go."""
    return waits_for_answer(item) and not _all(item.outgoing.reasons, EMPLOYER)


def asked_about_address(item: OutboxItem) -> bool:
    """Whether only its author may say what becomes of it, for an address of theirs is in it."""
    return any(reason.rule == OWN_ADDRESS for reason in item.outgoing.reasons)


def _all(reasons: tuple[Reason, ...], rule: str) -> bool:
    return all(reason.rule == rule for reason in reasons)
