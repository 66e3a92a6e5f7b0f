"""Keys, people and their conversations"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0000"
down_revision = None
branch_labels = None
depends_on = None

_TEXT = sa.String()
_BYTES = sa.LargeBinary()
_NUMBER = sa.Integer()
_MOMENT = sa.BigInteger()
_TRUTH = sa.Boolean()


def upgrade() -> None:
    _keys()
    _ambassadors()
    _their_marks()
    _candidates()
    _threads()
    _message_ids()


def downgrade() -> None:
    op.drop_table("message_ids")
    op.drop_table("threads")
    op.drop_table("candidates")
    op.drop_table("topics")
    op.drop_table("mailboxes")
    op.drop_table("ambassadors")
    op.drop_table("keyring")


def _keys() -> None:
    op.create_table(
        "keyring",
        sa.Column("id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("purpose", _TEXT, nullable=False),
        sa.Column("wrapped", _BYTES, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_keyring"),
    )


def _ambassadors() -> None:
    op.create_table(
        "ambassadors",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("display_name", _BYTES, nullable=False),
        sa.Column("mailboxes", _BYTES, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("role", _TEXT, nullable=False),
        sa.Column("topics", _TEXT, nullable=False),
        sa.Column("timezone", _TEXT, nullable=False),
        sa.Column("country", _TEXT, nullable=False),
        sa.Column("backup", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("paused_until", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_ambassadors"),
        sa.UniqueConstraint("name", name="uq_ambassadors_name"),
    )


def _their_marks() -> None:
    op.create_table(
        "mailboxes",
        sa.Column("ambassador_id", _TEXT, nullable=False),
        sa.Column("digest", _BYTES, nullable=False),
        sa.Column("held", _TRUTH, nullable=False),
        sa.ForeignKeyConstraint(
            ["ambassador_id"], ["ambassadors.id"], name="fk_mailboxes_ambassador_id_ambassadors"
        ),
        sa.PrimaryKeyConstraint("ambassador_id", "digest", name="pk_mailboxes"),
    )
    _partial("uq_mailboxes_held", "mailboxes", ["digest"], "held", unique=True)
    op.create_table(
        "topics",
        sa.Column("topic", _TEXT, nullable=False),
        sa.Column("ambassador_id", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["ambassador_id"], ["ambassadors.id"], name="fk_topics_ambassador_id_ambassadors"
        ),
        sa.PrimaryKeyConstraint("topic", "ambassador_id", name="pk_topics"),
    )


def _candidates() -> None:
    op.create_table(
        "candidates",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("digest", _BYTES, nullable=False),
        sa.Column("address", _BYTES, nullable=False),
        sa.Column("name", _BYTES, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("language", _TEXT, nullable=False),
        sa.Column("proven", _TRUTH, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_candidates"),
        sa.UniqueConstraint("digest", name="uq_candidates_digest"),
    )


def _threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("ambassador_id", _TEXT, nullable=False),
        sa.Column("candidate_id", _TEXT),
        sa.Column("peer_token", _TEXT, nullable=False),
        sa.Column("guest_token", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("stage", _TEXT, nullable=False),
        sa.Column("source", _TEXT, nullable=False),
        sa.Column("last_candidate_at", _MOMENT),
        sa.Column("last_ambassador_at", _MOMENT),
        sa.Column("nudges", _NUMBER, nullable=False),
        sa.Column("due_at", _MOMENT),
        sa.Column("backup_id", _TEXT),
        sa.Column("version", _NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["ambassador_id"], ["ambassadors.id"], name="fk_threads_ambassador_id_ambassadors"
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name="fk_threads_candidate_id_candidates"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_threads"),
        sa.UniqueConstraint("guest_token", name="uq_threads_guest_token"),
        sa.UniqueConstraint("peer_token", name="uq_threads_peer_token"),
    )
    op.create_index("ix_threads_ambassador", "threads", ["ambassador_id", "opened_at"])
    _partial(
        "ix_threads_candidate", "threads", ["candidate_id", "opened_at"], "candidate_id IS NOT NULL"
    )
    _partial("ix_threads_due", "threads", ["due_at"], "due_at IS NOT NULL")
    op.create_index("ix_threads_opened", "threads", ["opened_at"])


def _message_ids() -> None:
    op.create_table(
        "message_ids",
        sa.Column("thread_id", _TEXT, nullable=False),
        sa.Column("ours", _TEXT, nullable=False),
        sa.Column("author", _TEXT, nullable=False),
        sa.Column("digest", _BYTES, nullable=False),
        sa.Column("theirs", _BYTES, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name="fk_message_ids_thread_id_threads"
        ),
        sa.PrimaryKeyConstraint("thread_id", "at", "ours", name="pk_message_ids"),
        sqlite_with_rowid=False,
    )


def _partial(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )
