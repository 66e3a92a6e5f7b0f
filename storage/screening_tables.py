"""The tables by which screening remembers: fingerprints, what decisions taught, digests to send."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from storage.columns import Moment, metadata

likenesses = Table(
    "likenesses",
    metadata,
    Column("thread_id", String, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("marks", LargeBinary, nullable=False),  # keyed hashes, four bytes each
)
Index("ix_likenesses_at", likenesses.c.at)

likeness_bands = Table(
    "likeness_bands",
    metadata,
    Column("band", BigInteger, nullable=False),
    Column("thread_id", String, nullable=False),
    PrimaryKeyConstraint("band", "thread_id"),
    sqlite_with_rowid=False,
)
Index("ix_likeness_bands_thread", likeness_bands.c.thread_id)

lessons = Table(
    "lessons",
    metadata,
    Column("thread_id", String, primary_key=True),
    Column("weights", LargeBinary, nullable=False),  # sealed: what either decision would add
    Column("counted", String, nullable=False),  # which one was made: welcome, unwelcome, or empty
)

# The sum of what was counted: a weight for each kind of finding.
corrections = Table(
    "corrections",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Float, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("reader", String, primary_key=True),  # an ambassador's id, or empty: the moderators
    Column("due_at", Moment, nullable=False),
)
Index("ix_digests_due", digests.c.due_at)
