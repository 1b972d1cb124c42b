"""Visits to children that people record in the web app; passwords to be changed at the first login."""

import sqlalchemy as sa
from alembic import op

from warehouse.stores.migrations.append_only import forbid

revision = "0008"
down_revision = "0007"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FINDINGS = (
    *("in_hardship", "lacks_guardianship", "is_vagrant", "dropped_out", "behaviour_anomaly", "asked_for_help"),
    *("single_parent", "other_parent_capable"),
)


def upgrade() -> None:
    """Make the tables, signed ones; no password that was set before needs changing."""
    for table in ("credential", "session"):
        op.add_column(table, sa.Column("must_change", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "recorded_visit",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("form_key", sa.String(64), nullable=False, unique=True),
        sa.Column("period", sa.String(6), nullable=False),
        sa.Column("child_id", sa.String(14), nullable=False, index=True),
        sa.Column("visited_on", sa.Date, nullable=False),
        sa.Column("visit_kind", sa.String(16), nullable=False),
        sa.Column("living_with", sa.String(64)),
        sa.Column("residence_division_code", sa.String(12)),
        sa.Column("residence_since", sa.Date),
        *(sa.Column(name, sa.Boolean) for name in _FINDINGS),
        sa.Column("father_away_since", sa.Date),
        sa.Column("mother_away_since", sa.Date),
        *(sa.Column(name, sa.Text) for name in ("problems", "needs", "resolution")),
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "visit_withdrawal",
        sa.Column("visit_id", _BIG, sa.ForeignKey("recorded_visit.id"), primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("withdrawn_by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    for table in ("recorded_visit", "visit_withdrawal"):
        forbid(table, "update", "delete", "truncate")
