"""What screening remembers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "likenesses",
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_likenesses")),
    )
    op.create_index("ix_likenesses_at", "likenesses", ["at"])
    op.create_table(
        "likeness_bands",
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("band", "thread_id", name=op.f("pk_likeness_bands")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_likeness_bands_thread", "likeness_bands", ["thread_id"])
    op.create_table(
        "lessons",
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("counted", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_lessons")),
    )
    op.create_table(
        "corrections",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_corrections")),
    )
    op.create_table(
        "digests",
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_digests")),
    )
    op.create_index("ix_digests_due", "digests", ["due_at"])


def downgrade() -> None:
    for table in ("digests", "corrections", "lessons", "likeness_bands", "likenesses"):
        op.drop_table(table)
