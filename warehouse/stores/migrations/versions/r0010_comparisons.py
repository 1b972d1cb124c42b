"""What people asked about that the machine didn't: two children side by side, or one that may be two."""

import sqlalchemy as sa
from alembic import op

from warehouse.stores.migrations.append_only import forbid

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table, a signed one."""
    op.create_table(
        "comparison",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.BigInteger, nullable=False, unique=True),
        sa.Column("one", sa.String(14), nullable=False),
        sa.Column("other", sa.String(14)),
        sa.Column("apart", sa.JSON),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    forbid("comparison", "update", "delete", "truncate")
