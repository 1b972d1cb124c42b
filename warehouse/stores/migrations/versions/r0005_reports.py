"""Figures that were sealed, obligations that were met, and how children stand in the national system."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from warehouse.stores.migrations.append_only import forbid

revision = "0005"
down_revision = "0004"

_SIGNED = ("sealed_figure", "obligation_met", "national_entry")


def upgrade() -> None:
    """Make the tables; signed ones."""
    op.create_table(
        "sealed_figure",
        _id(),
        _code("pack"),
        sa.Column("period", sa.String(6), nullable=False, index=True),
        sa.Column("jurisdiction", sa.String(6), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("release", sa.Integer, nullable=False),
        sa.Column("build_id", sa.BigInteger, nullable=False),
        _code("os_user"),
        _at(),
    )
    op.create_table(
        "obligation_met",
        _id(),
        _code("obligation"),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("met_on", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        _code("os_user"),
        _at(),
    )
    op.create_table(
        "national_entry",
        _id(),
        sa.Column("period", sa.String(6), nullable=False, index=True),
        sa.Column("child_id", sa.String(14), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text),
        _code("os_user"),
        _at(),
    )
    for table in _SIGNED:
        forbid(table, "update", "delete", "truncate")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True)


def _at() -> sa.Column[datetime]:
    return sa.Column("at", sa.DateTime, nullable=False)


def _code(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), nullable=False)
