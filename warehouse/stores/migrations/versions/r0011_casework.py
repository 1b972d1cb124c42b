"""Since when cases are asked, whose they are, who is away, and what people say of automatic links."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from warehouse.stores.migrations.append_only import forbid

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables; what people did is signed."""
    op.create_table(
        "asked_case",
        sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("period", sa.String(6), nullable=False),
        _at(),
    )
    op.create_table(
        "case_assignment",
        _id(),
        sa.Column("period", sa.String(6), nullable=False),
        sa.Column("case_id", sa.BigInteger, nullable=False),
        sa.Column("assignee", sa.String(64)),
        sa.Column("assigned_by", sa.String(64), nullable=False),
        _at(),
    )
    op.create_index("ix_case_assignment_case", "case_assignment", ["period", "case_id"])
    op.create_table(
        "absence",
        _id(),
        sa.Column("username", sa.String(64), nullable=False, index=True),
        sa.Column("deputy", sa.String(64)),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("until_on", sa.Date, nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        _at(),
    )
    op.create_table(
        "link_check",
        _id(),
        sa.Column("period", sa.String(6), nullable=False),
        sa.Column("case_id", sa.BigInteger, nullable=False),
        sa.Column("link_band", sa.String(64), nullable=False),
        *(
            sa.Column(f"{side}_{part}", sa.Text if part == "key" else sa.String(64), nullable=False)
            for side in ("left", "right")
            for part in ("feed", "table", "key")
        ),
        sa.Column("judgement", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("steward", sa.String(64), nullable=False),
        _at(),
        sa.UniqueConstraint("period", "case_id"),
    )
    op.create_table(
        "child_assignment",
        _id(),
        sa.Column("child_id", sa.String(14), nullable=False, index=True),
        sa.Column("username", sa.String(64), nullable=False, index=True),
        sa.Column("until_on", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("assigned_by", sa.String(64), nullable=False),
        _at(),
    )
    for table in ("case_assignment", "absence", "link_check", "child_assignment"):
        forbid(table, "update", "delete", "truncate")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True)


def _at() -> sa.Column[datetime]:
    return sa.Column("at", sa.DateTime, nullable=False)
