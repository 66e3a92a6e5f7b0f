"""Who was there first"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referrals",
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("ambassador_id", sa.String(), nullable=False),
        sa.Column("contacted_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("recommended_at", sa.BigInteger(), nullable=True),
        sa.Column("recommended_by", sa.String(), nullable=True),
        sa.Column("hired_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_referrals")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_referrals_digest", "referrals", ["digest"])
    op.create_index("ix_referrals_contacted", "referrals", ["contacted_at"])
    op.create_table(
        "hires",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("referred", sa.Integer(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_hires")),
    )


def downgrade() -> None:
    op.drop_table("hires")
    op.drop_table("referrals")
