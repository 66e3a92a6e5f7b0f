"""Whose mail is refused; what is stored is a digest, so the list tells nobody who they are."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, func, select

from storage.columns import among, pieces
from storage.database import Connection
from storage.people import address_digest
from storage.records.people import Block
from storage.schema import blocks
from storage.upserts import replacing

_DOMAIN = "domain"  # the kind of digest that finds a blocked domain
_EVERYBODY = ""  # in place of an ambassador's id
_MOST = 6  # digests in one statement

_BLOCKED = select(func.count()).where(
    among(blocks.c.digest, "digest", _MOST),
    blocks.c.ambassador_id.in_((_EVERYBODY, bindparam("whose"))),
)
_UNBLOCK = delete(blocks).where(
    blocks.c.digest == bindparam("gone"), blocks.c.ambassador_id == _EVERYBODY
)


def blocked(c: Connection, address: str, ambassador_id: str | None) -> bool:
    """Whether the address, its domain or a domain above it is blocked, by whom it writes to or by
    the program."""
    domain = address.rpartition("@")[2].lower()
    labels = domain.split(".")
    above = (".".join(labels[start:]) for start in range(len(labels) - 1))
    digests = [address_digest(c, address), *(_digest(c, one) for one in above)]
    whose = {"whose": ambassador_id or _EVERYBODY}
    return any(
        c.sql.execute(_BLOCKED, piece | whose).scalar_one()
        for piece in pieces("digest", digests, _MOST)
    )


def add(c: Connection, wanted: Iterable[Block]) -> None:
    """Block each of these; one that is blocked already stays so."""
    rows = {
        (digest, whose): {"digest": digest, "ambassador_id": whose, "at": one.at}
        for one in wanted
        for digest, whose in [(_digest(c, one.whom), one.ambassador_id or _EVERYBODY)]
    }
    if rows:
        c.sql.execute(replacing(c.sql.dialect.name, blocks), list(rows.values()))


def remove(c: Connection, whom: Iterable[str]) -> None:
    """Take addresses and domains off the program's list."""
    for one in whom:
        c.sql.execute(_UNBLOCK, {"gone": _digest(c, one)})


def _digest(c: Connection, whom: str) -> bytes:
    return address_digest(c, whom) if "@" in whom else c.vault.digest(_DOMAIN, whom.lower())
