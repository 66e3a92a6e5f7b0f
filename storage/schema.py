"""The tables. A sealed column is a `LargeBinary`; what is plain tells nobody who somebody is.

Every index is there for one query that must stay fast with a million rows; most are partial, so
that a row which nobody looks for any more leaves them.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
)

from storage.columns import Moment, partial
from storage.columns import metadata as metadata
from storage.referral_tables import hires as hires
from storage.referral_tables import referrals as referrals
from storage.screening_tables import corrections as corrections
from storage.screening_tables import digests as digests
from storage.screening_tables import lessons as lessons
from storage.screening_tables import likeness_bands as likeness_bands
from storage.screening_tables import likenesses as likenesses
from storage.tables import blocks as blocks
from storage.tables import claims as claims
from storage.tables import keyring as keyring
from storage.tables import rates as rates
from storage.tables import requests as requests

# The revision that `metadata` stands for: a start that finds it in the database needs no Alembic.
HEAD = "0006"

ambassadors = Table(
    "ambassadors",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("display_name", LargeBinary, nullable=False),  # sealed
    Column("mailboxes", LargeBinary, nullable=False),  # sealed: a JSON list
    Column("created_at", Moment, nullable=False),
    Column("role", String, nullable=False),
    Column("topics", String, nullable=False),  # a JSON list
    Column("timezone", String, nullable=False),
    Column("country", String, nullable=False),
    Column("backup", String, nullable=False),
    Column("state", String, nullable=False),
    Column("paused_until", Moment),
    Column("languages", String, nullable=False, server_default="[]"),  # a JSON list
    Column("failures", Integer, nullable=False, server_default="0"),
)

# Finds an ambassador by an address. Of two people who are not removed none shares a mailbox.
mailboxes = Table(
    "mailboxes",
    metadata,
    Column("ambassador_id", String, ForeignKey(ambassadors.c.id), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("held", Boolean, nullable=False),  # false once the ambassador is removed
    PrimaryKeyConstraint("ambassador_id", "digest"),
)
partial("uq_mailboxes_held", mailboxes.c.digest, where="held", unique=True)

topics = Table(
    "topics",
    metadata,
    Column("topic", String, nullable=False),
    Column("ambassador_id", String, ForeignKey(ambassadors.c.id), nullable=False),
    PrimaryKeyConstraint("topic", "ambassador_id"),
)

candidates = Table(
    "candidates",
    metadata,
    Column("id", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("address", LargeBinary, nullable=False),  # sealed
    Column("name", LargeBinary, nullable=False),  # sealed
    Column("created_at", Moment, nullable=False),
    Column("language", String, nullable=False),
    Column("proven", Boolean, nullable=False),
    Column("stopped", Boolean, nullable=False, server_default=false()),
    Column("failures", Integer, nullable=False, server_default="0"),
)

threads = Table(
    "threads",
    metadata,
    Column("id", String, primary_key=True),
    Column("ambassador_id", String, ForeignKey(ambassadors.c.id), nullable=False),
    Column("candidate_id", String, ForeignKey(candidates.c.id)),  # null: the candidate is forgotten
    Column("peer_token", String, nullable=False, unique=True),
    Column("guest_token", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("since", Moment, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("stage", String, nullable=False),
    Column("source", String, nullable=False),
    Column("last_candidate_at", Moment),
    Column("last_ambassador_at", Moment),
    Column("nudges", Integer, nullable=False),
    Column("due_at", Moment),
    Column("backup_id", String),
    Column("agreed", String, nullable=False, server_default="nobody"),
    Column("former_ids", String, nullable=False, server_default=""),  # separated by blanks
    Column("rests_until", Moment),
    Column("version", Integer, nullable=False),
)
Index("ix_threads_opened", threads.c.opened_at)
Index("ix_threads_ambassador", threads.c.ambassador_id, threads.c.opened_at)
partial(
    "ix_threads_candidate",
    threads.c.candidate_id,
    threads.c.opened_at,
    where="candidate_id IS NOT NULL",
)
partial("ix_threads_due", threads.c.due_at, where="due_at IS NOT NULL")

message_ids = Table(
    "message_ids",
    metadata,
    Column("thread_id", String, ForeignKey(threads.c.id), nullable=False),
    Column("ours", String, nullable=False),
    Column("author", String, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # of theirs
    Column("theirs", LargeBinary, nullable=False),  # sealed: it names the author's host
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("thread_id", "at", "ours"),
    sqlite_with_rowid=False,
)

# Content stands in a table of its own: a lease or a retry must not rewrite it.
outbox = Table(
    "outbox",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("recipient", LargeBinary, nullable=False),  # sealed
    Column("digest", LargeBinary, nullable=False),  # of the recipient
    Column("created_at", Moment, nullable=False),
    Column("to_side", String),
    Column("thread_id", String),
    Column("ambassador_id", String),
    Column("return_token", String),  # null: the reverse path is null
    Column("smtputf8", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("next_try", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("reasons", LargeBinary),  # sealed: a JSON list of [rule, reason]
    Column("attempts", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("owner", String),  # of the lease
    Column("wake_at", Moment),  # when somebody must look at it, whatever became of the task
    Column("settled_at", Moment),
)
partial("ix_outbox_wake", outbox.c.wake_at, where="wake_at IS NOT NULL")
partial("ix_outbox_leased", outbox.c.owner, where="owner IS NOT NULL")
partial("ix_outbox_held", outbox.c.expires_at, where="state IN ('held', 'asked')")
partial("ix_outbox_failed", outbox.c.id, where="state = 'failed'")
partial("ix_outbox_settled", outbox.c.settled_at, where="settled_at IS NOT NULL")
partial("ix_outbox_thread", outbox.c.thread_id, where="thread_id IS NOT NULL")
partial("ix_outbox_loose", outbox.c.digest, where="thread_id IS NULL")
partial(
    "uq_outbox_return_token",
    outbox.c.return_token,
    where="return_token IS NOT NULL",
    unique=True,
)

contents = Table(
    "contents",
    metadata,
    Column("item_id", String, ForeignKey(outbox.c.id), primary_key=True),
    Column("sealed", LargeBinary),  # null: it lies in a file of the spool
    Column("file", String),
    Column("kept_since", Moment),  # settled, but not to be deleted yet
)
partial("ix_contents_kept", contents.c.kept_since, where="kept_since IS NOT NULL")

events = Table(
    "events",
    metadata,
    Column("at", Moment, nullable=False),
    Column("id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("thread_id", String),
    Column("ambassador_id", String),
    Column("detail", String, nullable=False),  # a JSON object
    PrimaryKeyConstraint("at", "id"),
    sqlite_with_rowid=False,
)
