"""Questions of ours that wait for an answer: each can be answered once, by its token."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from storage.database import Connection
from storage.failures import Conflict
from storage.records.once import Request, RequestKind
from storage.schema import requests

_NOTE = "requests.note"

_OPEN = select(requests).where(
    requests.c.token == bindparam("token"), requests.c.expires_at > bindparam("now")
)
_ANSWERED = delete(requests).where(requests.c.token == bindparam("gone"))


def request(c: Connection, token: str, now: datetime) -> Request | None:
    """The question with this token, in any case, unless it was answered or has expired."""
    row = c.sql.execute(_OPEN, {"token": token.lower(), "now": now}).first()
    if row is None:
        return None
    kind, note = RequestKind(row.kind), c.vault.open_text(row.note, _NOTE)
    return Request(row.token, kind, row.thread_id, row.expires_at, note)


def add(c: Connection, asked: Iterable[Request]) -> None:
    """Remember questions."""
    rows = [
        {
            "token": one.token,
            "kind": one.kind,
            "thread_id": one.thread_id,
            "note": c.vault.seal_text(one.note, _NOTE),
            "expires_at": one.expires_at,
        }
        for one in asked
    ]
    if rows:
        c.sql.execute(requests.insert(), rows)


def answer(c: Connection, tokens: Iterable[str]) -> None:
    """Forget questions that were answered; Conflict if one was answered already."""
    for token in sorted(tokens):
        if not c.sql.execute(_ANSWERED, {"gone": token}).rowcount:
            raise Conflict("it was answered already")
