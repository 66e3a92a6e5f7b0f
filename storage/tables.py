"""The tables that belong to nobody: keys, claims, counts, questions, and whose mail is refused."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from storage.columns import Moment, metadata

keyring = Table(
    "keyring",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("purpose", String, nullable=False),  # seal or index
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("key", String, primary_key=True),
    Column("expires_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_claims_expires", claims.c.expires_at)

rates = Table(
    "rates",
    metadata,
    Column("key", LargeBinary, nullable=False),  # a digest
    Column("minute", Integer, nullable=False),  # since 1970
    Column("hits", Integer, nullable=False),
    PrimaryKeyConstraint("key", "minute"),
    sqlite_with_rowid=False,
)
Index("ix_rates_minute", rates.c.minute)

requests = Table(
    "requests",
    metadata,
    Column("token", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("thread_id", String, nullable=False),
    Column("note", LargeBinary, nullable=False),  # sealed
    Column("expires_at", Moment, nullable=False),
)
Index("ix_requests_thread", requests.c.thread_id)
Index("ix_requests_expires", requests.c.expires_at)

blocks = Table(
    "blocks",
    metadata,
    Column("digest", LargeBinary, nullable=False),  # of an address or a domain
    Column("ambassador_id", String, nullable=False),  # empty: for the whole program
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("digest", "ambassador_id"),
    sqlite_with_rowid=False,
)
