"""What was found in watched counties between two closes."""

import sqlalchemy as sa
from alembic import op

from warehouse.stores.migrations.append_only import forbid

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables; signed ones."""
    op.create_table(
        "watch",
        _id(),
        sa.Column("period", sa.String(6), nullable=False, index=True),
        sa.Column("watched_on", sa.Date, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("children", "migrants", "events", "not_in_index")),
        sa.Column("os_user", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "watch_event",
        _id(),
        sa.Column("watch_id", sa.BigInteger, nullable=False, index=True),
        sa.Column("child_id", sa.String(14), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("happened_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("township", sa.String(9)),
        sa.Column("rule_id", sa.String(64), nullable=False),
        sa.Column("clause", sa.String(64), nullable=False),
    )
    for table in ("watch", "watch_event"):
        forbid(table, "update", "delete", "truncate")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True)
