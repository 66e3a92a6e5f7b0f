"""Mail on its way, and what happened"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = "0000"
branch_labels = None
depends_on = None

_TEXT = sa.String()
_BYTES = sa.LargeBinary()
_NUMBER = sa.Integer()
_MOMENT = sa.BigInteger()
_TRUTH = sa.Boolean()


def upgrade() -> None:
    _outbox()
    _contents()
    _happenings()


def downgrade() -> None:
    op.drop_table("rates")
    op.drop_table("claims")
    op.drop_table("events")
    op.drop_table("contents")
    op.drop_table("outbox")


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("recipient", _BYTES, nullable=False),
        sa.Column("digest", _BYTES, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("to_side", _TEXT),
        sa.Column("thread_id", _TEXT),
        sa.Column("ambassador_id", _TEXT),
        sa.Column("return_token", _TEXT),
        sa.Column("smtputf8", _TRUTH, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("next_try", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT),
        sa.Column("reasons", _BYTES),
        sa.Column("attempts", _NUMBER, nullable=False),
        sa.Column("size", _NUMBER, nullable=False),
        sa.Column("owner", _TEXT),
        sa.Column("wake_at", _MOMENT),
        sa.Column("settled_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    _partial("ix_outbox_failed", "outbox", ["id"], "state = 'failed'")
    _partial("ix_outbox_held", "outbox", ["expires_at"], "state IN ('held', 'asked')")
    _partial("ix_outbox_leased", "outbox", ["owner"], "owner IS NOT NULL")
    _partial("ix_outbox_loose", "outbox", ["digest"], "thread_id IS NULL")
    _partial("ix_outbox_settled", "outbox", ["settled_at"], "settled_at IS NOT NULL")
    _partial("ix_outbox_thread", "outbox", ["thread_id"], "thread_id IS NOT NULL")
    _partial("ix_outbox_wake", "outbox", ["wake_at"], "wake_at IS NOT NULL")
    _partial(
        "uq_outbox_return_token",
        "outbox",
        ["return_token"],
        "return_token IS NOT NULL",
        unique=True,
    )


def _contents() -> None:
    op.create_table(
        "contents",
        sa.Column("item_id", _TEXT, nullable=False),
        sa.Column("sealed", _BYTES),
        sa.Column("file", _TEXT),
        sa.Column("kept_since", _MOMENT),
        sa.ForeignKeyConstraint(["item_id"], ["outbox.id"], name="fk_contents_item_id_outbox"),
        sa.PrimaryKeyConstraint("item_id", name="pk_contents"),
    )
    _partial("ix_contents_kept", "contents", ["kept_since"], "kept_since IS NOT NULL")


def _happenings() -> None:
    op.create_table(
        "events",
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("thread_id", _TEXT),
        sa.Column("ambassador_id", _TEXT),
        sa.Column("detail", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("at", "id", name="pk_events"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "claims",
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_claims"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_claims_expires", "claims", ["expires_at"])
    op.create_table(
        "rates",
        sa.Column("key", _BYTES, nullable=False),
        sa.Column("minute", _NUMBER, nullable=False),
        sa.Column("hits", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("key", "minute", name="pk_rates"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rates_minute", "rates", ["minute"])


def _partial(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )
