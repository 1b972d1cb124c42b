"""People's acts on the ledger of key care."""

import sqlalchemy as sa
from alembic import op

from warehouse.stores.migrations.append_only import forbid

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table; a signed one."""
    op.create_table(
        "ledger_act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("period", sa.String(6), nullable=False, index=True),
        sa.Column("child_id", sa.String(14), nullable=False, index=True),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("acted_on", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("os_user", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    forbid("ledger_act", "update", "delete", "truncate")
