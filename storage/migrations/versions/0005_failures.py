"""How often mail to somebody came back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = ("ambassadors", "candidates")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(
            table, sa.Column("failures", sa.Integer(), nullable=False, server_default="0")
        )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "failures")
