"""What a second person said of a report that is to leave the bureau."""

import sqlalchemy as sa
from alembic import op

from warehouse.stores.migrations.append_only import forbid

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table, a signed one."""
    op.create_table(
        "seal_word",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("sha256", sa.String(64), nullable=False, index=True),
        sa.Column("word", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("os_user", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    forbid("seal_word", "update", "delete", "truncate")
