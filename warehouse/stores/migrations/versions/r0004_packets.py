"""Packets between bureaus: whom they are exchanged with, what was sent and came, and what it said of whom."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from warehouse.stores.migrations.append_only import forbid

revision = "0004"
down_revision = "0003"

_SIGNED = ("packet_party", "packet_event", "packet_child", "packet_answer")


def upgrade() -> None:
    """Make the tables; signed ones."""
    op.create_table(
        "packet_party",
        _id(),
        _code("party", index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("signing_key", sa.String(64), nullable=False),
        sa.Column("sealing_key", sa.String(64), nullable=False),
        _code("os_user"),
        _at(),
    )
    op.create_table(
        "packet_event",
        _id(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("direction", sa.String(8), nullable=False),
        _code("number"),
        _code("about", index=True),
        _code("role"),
        _code("party"),
        sa.Column("period", sa.String(6), nullable=False),
        sa.Column("release", sa.Integer, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        _code("os_user"),
        _at(),
        sa.UniqueConstraint("direction", "party", "number"),
    )
    op.create_table(
        "packet_child",
        _id(),
        _code("number"),
        sa.Column("token", sa.String(16), nullable=False),
        sa.Column("child_id", sa.String(14), nullable=False),
        sa.UniqueConstraint("number", "token"),
    )
    op.create_table(
        "packet_answer",
        _id(),
        _code("number", index=True),
        _code("reply"),
        sa.Column("token", sa.String(16), nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("division_code", sa.String(12)),
        sa.Column("reason", sa.String(64)),
        _at(),
    )
    for table in _SIGNED:
        forbid(table, "update", "delete", "truncate")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True)


def _at() -> sa.Column[datetime]:
    return sa.Column("at", sa.DateTime, nullable=False)


def _code(name: str, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), nullable=False, index=index or None)
