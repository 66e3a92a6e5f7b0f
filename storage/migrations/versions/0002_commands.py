"""What the commands by mail remember"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in _columns():
        op.add_column(table, column)
    op.create_table(
        "requests",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_requests")),
    )
    op.create_index("ix_requests_thread", "requests", ["thread_id"])
    op.create_index("ix_requests_expires", "requests", ["expires_at"])
    op.create_table(
        "blocks",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("ambassador_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "ambassador_id", name=op.f("pk_blocks")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("blocks")
    op.drop_table("requests")
    for table, column in _columns():
        op.drop_column(table, column.name)


def _columns() -> tuple[tuple[str, sa.Column[Any]], ...]:
    return (
        (
            "candidates",
            sa.Column("stopped", sa.Boolean(), nullable=False, server_default=sa.false()),
        ),
        ("threads", sa.Column("agreed", sa.String(), nullable=False, server_default="nobody")),
        ("threads", sa.Column("former_ids", sa.String(), nullable=False, server_default="")),
        ("threads", sa.Column("rests_until", sa.BigInteger(), nullable=True)),
    )
