"""Ambassadors and candidates: found by id, by name, and by an address that lies here sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam, select

from storage.database import Connection
from storage.records.people import SUSPENDED_AT, Ambassador, AmbassadorState, Candidate
from storage.schema import ambassadors as ambassadors_table
from storage.schema import candidates as candidates_table
from storage.schema import mailboxes as mailboxes_table
from storage.schema import topics as topics_table
from storage.upserts import replacing
from storage.vault import fold

ADDRESS = "address"  # the kind of digest that finds a mailbox

_AMBASSADOR = select(ambassadors_table)
_AMBASSADOR_BY_ID = _AMBASSADOR.where(ambassadors_table.c.id == bindparam("id"))
_AMBASSADOR_BY_NAME = _AMBASSADOR.where(ambassadors_table.c.name == bindparam("name"))
_AMBASSADORS = _AMBASSADOR.order_by(ambassadors_table.c.name)
_AMBASSADORS_BY_TOPIC = _AMBASSADORS.join(topics_table).where(
    topics_table.c.topic == bindparam("topic")
)
_SUSPENDED = select(candidates_table).where(candidates_table.c.failures >= SUSPENDED_AT)
_CANDIDATE_BY_ID = select(candidates_table).where(candidates_table.c.id == bindparam("id"))
_CANDIDATE_BY_DIGEST = select(candidates_table).where(
    candidates_table.c.digest == bindparam("digest")
)


def ambassador(c: Connection, ambassador_id: str) -> Ambassador | None:
    """The ambassador with this id, in whatever state."""
    return _one_ambassador(c, _AMBASSADOR_BY_ID, {"id": ambassador_id})


def ambassador_by_name(c: Connection, name: str) -> Ambassador | None:
    """The ambassador whose handle this is, in any case; also one who was removed."""
    return _one_ambassador(c, _AMBASSADOR_BY_NAME, {"name": name.lower()})


def ambassadors(c: Connection) -> tuple[Ambassador, ...]:
    """All, by name; also those who were removed."""
    return tuple(read_ambassador(c, row) for row in c.sql.execute(_AMBASSADORS))


def ambassadors_by_topic(c: Connection, topic: str) -> tuple[Ambassador, ...]:
    """All with this topic, by name; also those who were removed."""
    rows = c.sql.execute(_AMBASSADORS_BY_TOPIC, {"topic": topic.lower()})
    return tuple(read_ambassador(c, row) for row in rows)


def candidate(c: Connection, candidate_id: str) -> Candidate | None:
    """The candidate with this id."""
    return _one_candidate(c, _CANDIDATE_BY_ID, {"id": candidate_id})


def candidate_by_address(c: Connection, address: str) -> Candidate | None:
    """The candidate who wrote from this mailbox, however it is spelt."""
    return _one_candidate(c, _CANDIDATE_BY_DIGEST, {"digest": address_digest(c, address)})


def suspended(c: Connection) -> tuple[tuple[Ambassador, ...], tuple[Candidate, ...]]:
    """Everybody to whom nothing is sent, since mail to them came back."""
    return (
        tuple(one for one in ambassadors(c) if one.suspended),
        tuple(read_candidate(c, row) for row in c.sql.execute(_SUSPENDED)),
    )


def address_digest(c: Connection, address: str) -> bytes:
    """What an address is looked up by."""
    return c.vault.digest(ADDRESS, fold(address))


def save_ambassadors(c: Connection, people: Iterable[Ambassador]) -> None:
    """Store each in place of what its id has. IntegrityError: a name or mailbox is taken."""
    for person in people:
        _save_ambassador(c, person)


def save_candidates(c: Connection, people: Iterable[Candidate]) -> None:
    """Store each in place of what its id has. IntegrityError: the mailbox is known."""
    rows = [
        {
            "id": person.id,
            "digest": address_digest(c, person.address),
            "address": c.vault.seal_text(person.address, "candidates.address"),
            "name": c.vault.seal_text(person.name, "candidates.name"),
            "created_at": person.created_at,
            "language": person.language,
            "proven": person.proven,
            "stopped": person.stopped,
            "failures": person.failures,
        }
        for person in people
    ]
    if rows:
        c.sql.execute(replacing(c.sql.dialect.name, candidates_table), rows)


def _save_ambassador(c: Connection, person: Ambassador) -> None:
    # The mailboxes go first: a removed ambassador gives them up before somebody else takes them.
    key = {"id": person.id}
    c.sql.execute(_DROP_MAILBOXES, key)
    c.sql.execute(_DROP_TOPICS, key)
    row = {
        "id": person.id,
        "name": person.name.lower(),
        "display_name": c.vault.seal_text(person.display_name, "ambassadors.display_name"),
        "mailboxes": c.vault.seal_text(json.dumps(person.mailboxes), "ambassadors.mailboxes"),
        "created_at": person.created_at,
        "role": person.role,
        "topics": json.dumps(person.topics),
        "timezone": person.timezone,
        "country": person.country,
        "backup": person.backup,
        "state": person.state,
        "paused_until": person.paused_until,
        "languages": json.dumps(person.languages),
        "failures": person.failures,
    }
    c.sql.execute(replacing(c.sql.dialect.name, ambassadors_table), [row])
    held = person.state is not AmbassadorState.REMOVED
    digests = {address_digest(c, address) for address in person.mailboxes}
    if digests:
        rows = [
            {"ambassador_id": person.id, "digest": one, "held": held} for one in sorted(digests)
        ]
        c.sql.execute(mailboxes_table.insert(), rows)
    if person.topics:
        labels = sorted({topic.lower() for topic in person.topics})
        c.sql.execute(
            topics_table.insert(), [{"topic": one, "ambassador_id": person.id} for one in labels]
        )


_DROP_MAILBOXES = mailboxes_table.delete().where(mailboxes_table.c.ambassador_id == bindparam("id"))
_DROP_TOPICS = topics_table.delete().where(topics_table.c.ambassador_id == bindparam("id"))


def _one_ambassador(
    c: Connection, query: sqlalchemy.Select[Any], values: dict[str, Any]
) -> Ambassador | None:
    row = c.sql.execute(query, values).first()
    return None if row is None else read_ambassador(c, row)


def _one_candidate(
    c: Connection, query: sqlalchemy.Select[Any], values: dict[str, Any]
) -> Candidate | None:
    row = c.sql.execute(query, values).first()
    return None if row is None else read_candidate(c, row)


def read_candidate(c: Connection, row: Any) -> Candidate:
    """The candidate of a row with all columns."""
    return Candidate(
        id=row.id,
        address=c.vault.open_text(row.address, "candidates.address"),
        name=c.vault.open_text(row.name, "candidates.name"),
        created_at=row.created_at,
        language=row.language,
        proven=row.proven,
        stopped=row.stopped,
        failures=row.failures,
    )


def read_ambassador(c: Connection, row: Any) -> Ambassador:
    """The ambassador of a row with all columns."""
    return Ambassador(
        id=row.id,
        name=row.name,
        display_name=c.vault.open_text(row.display_name, "ambassadors.display_name"),
        mailboxes=tuple(json.loads(c.vault.open_text(row.mailboxes, "ambassadors.mailboxes"))),
        created_at=row.created_at,
        role=row.role,
        topics=_labels(row.topics),
        timezone=row.timezone,
        country=row.country,
        backup=row.backup,
        state=AmbassadorState(row.state),
        paused_until=row.paused_until,
        languages=_labels(row.languages),
        failures=row.failures,
    )


@lru_cache(maxsize=1024)
def _labels(written: str) -> tuple[str, ...]:
    return tuple(json.loads(written))
