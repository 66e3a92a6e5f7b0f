"""The tables of what was asked of people, and of whose mail nobody wants."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, String, Table

from storage.columns import Moment, metadata

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
