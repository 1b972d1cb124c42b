"""Accounts, sessions, grants, the audit; verdicts on cases, claims and notes; a decision's verdict."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from warehouse.stores.migrations.append_only import forbid

revision = "0002"
down_revision = "0001"

_SIGNED_BEFORE = ("acceptance", "decision", "period_event", "act", "run", "receipt")
_SIGNED = (
    *("account", "credential", "second_factor", "login_attempt", "identifier_grant", "identifier_grant_answer"),
    *("audit", "verdict", "case_note"),
)


def upgrade() -> None:
    """Make the tables of people's access and casework; nobody may empty a signed table either."""
    _make_accounts()
    _make_sessions()
    _make_audit()
    _make_casework()
    op.add_column("decision", sa.Column("verdict_id", _big()))
    op.create_index("ix_decision_verdict_id", "decision", ["verdict_id"])
    for side in ("left", "right"):
        op.create_index(f"ix_decision_{side}", "decision", [f"{side}_{part}" for part in ("feed", "table", "key")])
    for table in _SIGNED_BEFORE:
        forbid(table, "truncate")
    for table in _SIGNED:
        forbid(table, "update", "delete", "truncate")


def _make_accounts() -> None:
    op.create_table(
        "account",
        _id(),
        _code("username", index=True),
        _code("display_name"),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("counties", sa.JSON, nullable=False),
        sa.Column("organisation", sa.String(255)),
        sa.Column("expires_on", sa.Date),
        sa.Column("is_disabled", sa.Boolean, nullable=False),
        _text("reason"),
        _code("changed_by"),
        _at(),
    )
    op.create_table("credential", _id(), _code("username", index=True), _text("password_hash"), _code("set_by"), _at())
    op.create_table(
        "second_factor",
        _id(),
        _code("username", index=True),
        sa.Column("serial", sa.String(32), nullable=False),
        _code("set_by"),
        _at(),
    )
    op.create_table(
        "second_factor_use",
        sa.Column("username", sa.String(64), primary_key=True),
        sa.Column("step", sa.BigInteger, primary_key=True, autoincrement=False),
    )
    op.create_table(
        "identifier_grant",
        _id(),
        _code("username", index=True),
        sa.Column("counties", sa.JSON, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        _text("purpose"),
        _at(),
    )
    op.create_table(
        "identifier_grant_answer",
        sa.Column("grant_id", _big(), sa.ForeignKey("identifier_grant.id"), primary_key=True, autoincrement=False),
        sa.Column("is_approved", sa.Boolean, nullable=False),
        sa.Column("until", sa.DateTime),
        _text("reason"),
        _code("answered_by"),
        _at(),
    )


def _make_sessions() -> None:
    op.create_table(
        "login_attempt",
        _id(),
        sa.Column("name_hash", sa.String(64), nullable=False, index=True),
        sa.Column("succeeded", sa.Boolean, nullable=False),
        _at(),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _code("username", index=True),
        sa.Column("begun_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
        sa.Column("is_locked", sa.Boolean, nullable=False),
        sa.Column("ended_at", sa.DateTime),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        _at(),
        _code("actor", index=True),
        _code("act"),
        sa.Column("subject", sa.String(255), index=True),
        sa.Column("field", sa.String(64)),
        sa.Column("detail", sa.Text),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
    )


def _make_casework() -> None:
    op.create_table(
        "verdict",
        _id(),
        sa.Column("idempotency_key", sa.String(64), nullable=False, unique=True),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("concerns", _big(), sa.ForeignKey("verdict.id"), index=True),
        sa.Column("period", sa.String(6), nullable=False),
        sa.Column("case_id", sa.BigInteger, nullable=False),
        _code("fingerprint"),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("judgements", sa.JSON, nullable=False),
        _text("reason"),
        sa.Column("second_because", sa.String(64)),
        sa.Column("is_blind", sa.Boolean, nullable=False),
        sa.Column("batch", sa.String(64), index=True),
        _code("model_version"),
        _code("steward"),
        _at(),
        sa.Index("ix_verdict_case", "period", "case_id"),
    )
    op.create_table(
        "claim",
        sa.Column("period", sa.String(6), primary_key=True),
        sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False),
        _code("steward", index=True),
        sa.Column("until", sa.DateTime, nullable=False),
        _at(),
    )
    op.create_table(
        "case_note",
        _id(),
        sa.Column("period", sa.String(6), nullable=False),
        sa.Column("case_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        _text("words"),
        _code("written_by"),
        _at(),
        sa.Index("ix_case_note_case", "period", "case_id"),
    )


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _big(), primary_key=True, autoincrement=True)


def _at() -> sa.Column[datetime]:
    return sa.Column("at", sa.DateTime, nullable=False)


def _code(name: str, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), nullable=False, index=index or None)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)
