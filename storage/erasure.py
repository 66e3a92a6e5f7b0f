"""Forgetting a candidate: what is theirs goes, and threads stay as figures without a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BindParameter, and_, bindparam, case, or_, select

from storage import contents, lessons, likenesses
from storage.columns import Moment
from storage.database import Connection
from storage.records.threads import ThreadState
from storage.schema import candidates, message_ids, outbox, requests, threads

_CANDIDATE: BindParameter[str] = bindparam("whom")
_THEIR_THREADS = select(threads.c.id).where(threads.c.candidate_id == _CANDIDATE)
_THEIR_DIGEST = select(candidates.c.digest).where(candidates.c.id == _CANDIDATE)
_THEIR_MAIL = select(outbox.c.id).where(
    or_(
        and_(outbox.c.thread_id.is_not(None), outbox.c.thread_id.in_(_THEIR_THREADS)),
        and_(outbox.c.thread_id.is_(None), outbox.c.digest.in_(_THEIR_DIGEST)),
    )
)
_DROP_MAIL = outbox.delete().where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_DROP_MESSAGE_IDS = message_ids.delete().where(message_ids.c.thread_id.in_(_THEIR_THREADS))
_DROP_REQUESTS = requests.delete().where(requests.c.thread_id.in_(_THEIR_THREADS))
_UNLINK = (
    threads.update()
    .where(threads.c.candidate_id == _CANDIDATE)
    .values(
        candidate_id=None,
        state=ThreadState.CLOSED,
        since=case(
            (threads.c.state == ThreadState.CLOSED, threads.c.since),
            else_=bindparam("now", type_=Moment()),
        ),
        due_at=None,
        version=threads.c.version + 1,
    )
)
_DROP_CANDIDATE = candidates.delete().where(candidates.c.id == _CANDIDATE)


def forget(c: Connection, candidate_ids: Iterable[str], now: datetime) -> None:
    """Erase these candidates: address, name, Message-IDs, and mail from and to them, sent or not.

    Their threads stay, closed and without a candidate; what happened stays as events. What was
    learned from their mail is unlearned.
    """
    for candidate_id in candidate_ids:
        theirs = {"whom": candidate_id}
        ids = list(c.sql.execute(_THEIR_MAIL, theirs).scalars())
        contents.drop(c, ids)
        if ids:
            c.sql.execute(_DROP_MAIL, {"ids": ids})
        c.sql.execute(_DROP_MESSAGE_IDS, theirs)
        c.sql.execute(_DROP_REQUESTS, theirs)
        talks = list(c.sql.execute(_THEIR_THREADS, theirs).scalars())
        lessons.unlearn(c, talks)
        likenesses.drop(c, talks)
        c.sql.execute(_UNLINK, {**theirs, "now": now})
        c.sql.execute(_DROP_CANDIDATE, theirs)
