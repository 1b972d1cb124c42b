"""The stores as the first version made them: runs, receipts, the register of ids, decisions, acceptances, acts."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from warehouse.stores.migrations.append_only import forbid

revision = "0001"
down_revision = None

_SIGNED = ("acceptance", "decision", "period_event", "act", "run", "receipt")
_OF_BUILDS = ("table_profile", "issued_child", "anchor", "child_event")


def upgrade() -> None:
    """Make the tables, their indexes and the triggers of those that are append-only."""
    op.create_table("schema_version", sa.Column("version", sa.Integer, primary_key=True), _at())
    _make_runs()
    _make_register()
    _make_words_of_people()
    for table in _SIGNED:
        forbid(table, "update", "delete")
    for table in _OF_BUILDS:
        forbid(table, "update")


def _make_runs() -> None:
    op.create_table(
        "run",
        _id(),
        sa.Column("run_id", sa.String(64), nullable=False, index=True),
        sa.Column("build_id", sa.BigInteger, index=True),
        _period(index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("seconds", sa.Float),
        sa.Column("summary", sa.JSON),
        _by(),
        _at(),
    )
    op.create_table(
        "receipt",
        _id(),
        _build(),
        _period(),
        _code("feed"),
        _code("table_name"),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64)),
        *(sa.Column(f"rows_{what}", sa.BigInteger) for what in ("read", "landed", "repeated", "quarantined")),
        sa.Column("content", sa.JSON, nullable=False),
        _at(),
    )
    op.create_table(
        "table_profile",
        _id(),
        _build(),
        _period(),
        _code("feed"),
        _code("table_name"),
        _code("measure"),
        sa.Column("subject", sa.String(255)),
        sa.Column("figure", sa.Float, nullable=False),
    )


def _make_register() -> None:
    op.create_table(
        "issued_child",
        _id(),
        _build(),
        sa.Column("child_id", sa.String(14), nullable=False),
        _period(),
        sa.Column("ordinal", sa.Integer, nullable=False),
    )
    op.create_table(
        "anchor",
        _id(),
        _build(),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "child_event",
        _id(),
        _build(),
        sa.Column("child_id", sa.String(14), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("other_child_id", sa.String(14)),
        sa.Column("cause", sa.String(255)),
        _period(),
    )


def _make_words_of_people() -> None:
    op.create_table(
        "acceptance",
        _id(),
        _period(index=True),
        _code("feed"),
        sa.Column("table_name", sa.String(64)),
        sa.Column("gate", sa.String(64)),
        sa.Column("delivery_sha256", sa.String(64)),
        sa.Column("reason", sa.Text, nullable=False),
        _by(),
        _at(),
    )
    op.create_table(
        "decision",
        _id(),
        *(
            sa.Column(f"{side}_{part}", kind, nullable=False)
            for side in ("left", "right")
            for part, kind in (("feed", sa.String(64)), ("table", sa.String(64)), ("key", sa.Text))
        ),
        sa.Column("judgement", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        _code("steward"),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        _code("model_version"),
    )
    op.create_table(
        "period_event",
        _id(),
        _period(index=True),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("release", sa.Integer),
        _by(),
        _at(),
    )
    op.create_table(
        "act",
        _id(),
        _by(),
        _code("act"),
        sa.Column("subject", sa.String(255)),
        sa.Column("detail", sa.JSON),
        _at(),
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True)


def _at() -> sa.Column[datetime]:
    return sa.Column("at", sa.DateTime, nullable=False)


def _build() -> sa.Column[int]:
    return sa.Column("build_id", sa.BigInteger, nullable=False, index=True)


def _period(index: bool = False) -> sa.Column[str]:
    return sa.Column("period", sa.String(6), nullable=False, index=index or None)


def _code(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), nullable=False)


def _by() -> sa.Column[str]:
    return _code("os_user")
