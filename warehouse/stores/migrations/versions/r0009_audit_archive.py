"""Old rows of the audit may leave for an archive, where a seal says up to which row and what hash it had."""

import sqlalchemy as sa
from alembic import op

from warehouse.stores.migrations.append_only import forbid

revision = "0009"
down_revision = "0008"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WORDS = "audit is append-only: write a newer row"
_SEALED = "coalesce((select max(last_sequence) from audit_seal), 0)"


def upgrade() -> None:
    """Make the table, a signed one, and let rows go that a seal covers."""
    op.create_table(
        "audit_seal",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("last_sequence", sa.BigInteger, nullable=False, unique=True),
        sa.Column("last_hash", sa.String(64), nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sealed_by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    forbid("audit_seal", "update", "delete", "truncate")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("drop trigger audit_no_delete")
        op.execute(
            f"create trigger audit_no_delete before delete on audit when old.sequence > {_SEALED} "
            f"begin select raise(abort, '{_WORDS}'); end"
        )
    else:
        op.execute(
            "create or replace function audit_no_delete() returns trigger language plpgsql as "
            f"'begin if old.sequence > {_SEALED} then raise exception ''{_WORDS}''; end if; return old; end'"
        )
