"""Rows of the outbox: how an item is written, settled and read. `outbox` holds the look-ups."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import Boolean, String, and_, bindparam, func, or_, text

from storage import contents
from storage.columns import Moment
from storage.database import Connection
from storage.failures import Conflict
from storage.people import address_digest
from storage.records.mail import OutboxItem, Outgoing, OutgoingKind, OutgoingState, Reason, Settled
from storage.records.people import Side
from storage.schema import outbox

# Whoever is told of an item and does nothing for so long has lost the task: tell again.
TOLD_FOR = timedelta(seconds=20)

_FINAL = frozenset({OutgoingState.SENT, OutgoingState.FAILED, OutgoingState.DECLINED})
_WAS = bindparam("was", type_=String())
_SETTLE = (
    outbox.update()
    .where(
        outbox.c.id == bindparam("item_id"),
        # A host may take a message and report days later that it came to nothing.
        or_(
            text("outbox.state NOT IN ('sent', 'failed', 'declined')"),
            and_(text("outbox.state = 'sent'"), bindparam("fails", type_=Boolean())),
        ),
        or_(_WAS.is_(None), outbox.c.state == _WAS),
    )
    .values(
        state=bindparam("state"),
        next_try=func.coalesce(bindparam("next_try", type_=Moment()), outbox.c.next_try),
        wake_at=bindparam("wake_at"),
        owner=None,
        settled_at=bindparam("settled_at"),
    )
)


def add(
    c: Connection, new: Sequence[tuple[Outgoing, datetime]], files: Mapping[str, contents.Spooled]
) -> frozenset[str]:
    """Store messages, each at its moment; the ids of those that are to be sent at once.

    `files` names the contents that lie in the spool already, by item id.
    """
    rows = [_row(c, outgoing, now) for outgoing, now in new]
    if not rows:
        return frozenset()
    c.sql.execute(outbox.insert(), rows)
    contents.add(c, (one for one, _ in new), files)
    return frozenset(one.id for one, now in new if _is_due(one, now))


def settle(c: Connection, done: Sequence[tuple[Settled, datetime]]) -> frozenset[str]:
    """Write what became of items, each at its moment; the ids of those to be sent at once.

    Content is deleted with the settling unless it is kept. Raises Conflict if an item is gone or
    was settled before; only a sent one may still turn out to have failed.
    """
    # In order, so that two processes which settle the same items cannot wait for each other.
    ordered = sorted(done, key=lambda pair: pair[0].item_id)
    rows = [_settlement(one, now) for one, now in ordered]
    if rows and c.sql.execute(_SETTLE, rows).rowcount != len(rows):
        raise Conflict("an item is settled or gone")
    final = [one for one, _ in done if one.state in _FINAL]
    contents.keep(c, [(one.item_id, one.at) for one in final if one.keep_content])
    contents.drop(c, [one.item_id for one in final if not one.keep_content])
    return frozenset(one.item_id for one, now in done if _is_due(one, now))


def read(c: Connection, row: sqlalchemy.Row[Any]) -> OutboxItem:
    """An item as its row has it: without content."""
    reasons: tuple[Reason, ...] = ()
    if row.reasons is not None:
        pairs = json.loads(c.vault.open_text(row.reasons, "outbox.reasons"))
        reasons = tuple(Reason(rule, reason) for rule, reason in pairs)
    outgoing = Outgoing(
        id=row.id,
        kind=OutgoingKind(row.kind),
        recipient=c.vault.open_text(row.recipient, "outbox.recipient"),
        content=b"",
        created_at=row.created_at,
        to=Side(row.to_side) if row.to_side else None,
        thread_id=row.thread_id,
        ambassador_id=row.ambassador_id,
        return_token=row.return_token or "",
        smtputf8=row.smtputf8,
        state=OutgoingState(row.state),
        next_try=row.next_try,
        expires_at=row.expires_at,
        reasons=reasons,
    )
    return OutboxItem(outgoing, row.attempts, row.next_try, row.size, row.settled_at)


def with_contents(c: Connection, items: Sequence[OutboxItem]) -> tuple[OutboxItem, ...]:
    """The same items with their contents; b"" where it is deleted."""
    known = contents.read(c, [one.outgoing.id for one in items]) if items else {}
    return tuple(
        replace(one, outgoing=replace(one.outgoing, content=known.get(one.outgoing.id, b"")))
        for one in items
    )


def _row(c: Connection, one: Outgoing, now: datetime) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "recipient": c.vault.seal_text(one.recipient, "outbox.recipient"),
        "digest": address_digest(c, one.recipient),
        "created_at": one.created_at,
        "to_side": one.to,
        "thread_id": one.thread_id,
        "ambassador_id": one.ambassador_id,
        "return_token": one.return_token or None,
        "smtputf8": one.smtputf8,
        "state": one.state,
        "next_try": one.next_try or now,
        "expires_at": one.expires_at,
        "reasons": _sealed_reasons(c, one),
        "attempts": 0,
        "size": len(one.content),
        "owner": None,
        "wake_at": _wake_at(one, now),
        "settled_at": one.created_at if one.state in _FINAL else None,
    }


def _sealed_reasons(c: Connection, one: Outgoing) -> bytes | None:
    if not one.reasons:
        return None
    pairs = [[reason.rule, reason.reason] for reason in one.reasons]
    return c.vault.seal_text(json.dumps(pairs), "outbox.reasons")


def _settlement(one: Settled, now: datetime) -> dict[str, Any]:
    queued = one.state is OutgoingState.QUEUED
    return {
        "item_id": one.item_id,
        "fails": one.state is OutgoingState.FAILED,
        "was": one.was,
        "state": one.state,
        "next_try": (one.next_try or now) if queued else None,
        "wake_at": _wake_at(one, now),
        "settled_at": one.at if one.state in _FINAL else None,
    }


def _is_due(one: Outgoing | Settled, now: datetime) -> bool:
    return one.state is OutgoingState.QUEUED and (one.next_try is None or one.next_try <= now)


def _wake_at(one: Outgoing | Settled, now: datetime) -> datetime | None:
    """When a sweep must look at it: what is due now is told of right after this commit."""
    if one.state is not OutgoingState.QUEUED:
        return None
    return now + TOLD_FOR if one.next_try is None or one.next_try <= now else one.next_try
