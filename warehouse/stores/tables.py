"""The operational stores' tables (SQLAlchemy Core). Append-only: a change of mind is a newer row.

``build_id`` names the build that wrote a row. Such a row counts once a published release names its build; rows of
builds that never were published are purged at the next begin. The rest are acts of people and count at once.
"""

from datetime import datetime

import sqlalchemy as sa

SCHEMA_VERSION = 1

metadata = sa.MetaData()
_BUILD = sa.BigInteger  # see warehouse.releases.new_build_id
_PERIOD = sa.String(6)
_CHILD = sa.String(14)
_CODE = sa.String(64)


def _id() -> sa.Column[int]:
    """Order of writing; SQLite's own row number, PostgreSQL's identity."""
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True)


def _at() -> sa.Column[datetime]:
    """UTC, without zone."""
    return sa.Column("at", sa.DateTime, nullable=False)


schema_version = sa.Table(
    "schema_version",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True),
    _at(),
)

# One row a change of a run's state: started, stopped (at a gate), refused, failed, published.
run = sa.Table(
    "run",
    metadata,
    _id(),
    sa.Column("run_id", _CODE, nullable=False, index=True),
    sa.Column("build_id", _BUILD, index=True),
    sa.Column("period", _PERIOD, nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("seconds", sa.Float),
    sa.Column("summary", sa.JSON),  # counts only
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
)

# One row a delivered table of a run; a re-delivery adds one. `content` is the receipt's JSON, counts and file names.
receipt = sa.Table(
    "receipt",
    metadata,
    _id(),
    sa.Column("build_id", _BUILD, nullable=False, index=True),
    sa.Column("period", _PERIOD, nullable=False),
    sa.Column("feed", _CODE, nullable=False),
    sa.Column("table_name", _CODE, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("sha256", sa.String(64)),
    sa.Column("rows_read", sa.BigInteger),
    sa.Column("rows_landed", sa.BigInteger),
    sa.Column("rows_repeated", sa.BigInteger),
    sa.Column("rows_quarantined", sa.BigInteger),
    sa.Column("content", sa.JSON, nullable=False),
    _at(),
)

# One row a figure of a delivered table (rows of a file, filled cells of a column, rows with a word); for the gates.
table_profile = sa.Table(
    "table_profile",
    metadata,
    _id(),
    sa.Column("build_id", _BUILD, nullable=False, index=True),
    sa.Column("period", _PERIOD, nullable=False),
    sa.Column("feed", _CODE, nullable=False),
    sa.Column("table_name", _CODE, nullable=False),
    sa.Column("measure", _CODE, nullable=False),
    sa.Column("subject", sa.String(255)),
    sa.Column("figure", sa.Float, nullable=False),
)

# One row an operator's word that a gate's figure may pass.
acceptance = sa.Table(
    "acceptance",
    metadata,
    _id(),
    sa.Column("period", _PERIOD, nullable=False, index=True),
    sa.Column("feed", _CODE, nullable=False),
    sa.Column("table_name", _CODE),  # null: every table of the feed
    sa.Column("gate", _CODE),  # null: every gate
    sa.Column("delivery_sha256", sa.String(64)),  # null: whichever delivery of the period
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
)

# One row a child id ever minted; `ordinal` orders those of one build by their least entry, so that age is no chance.
issued_child = sa.Table(
    "issued_child",
    metadata,
    _id(),
    sa.Column("build_id", _BUILD, nullable=False, index=True),
    sa.Column("child_id", _CHILD, nullable=False),
    sa.Column("period", _PERIOD, nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
)

# One row up to some hundred thousand anchors (hashed facts, unsigned 64 bits) that came to name a child, packed: an
# Arrow stream of (anchor, child_id). Of an anchor that is written twice the newest in force holds.
# See docs/decisions/0003-anchors-are-packed.md.
anchor = sa.Table(
    "anchor",
    metadata,
    _id(),
    sa.Column("build_id", _BUILD, nullable=False, index=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

# One row an event in a child id's life: mint, continue, merge, split, retire.
child_event = sa.Table(
    "child_event",
    metadata,
    _id(),
    sa.Column("build_id", _BUILD, nullable=False, index=True),
    sa.Column("child_id", _CHILD, nullable=False),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("other_child_id", _CHILD),
    sa.Column("cause", sa.String(255)),
    sa.Column("period", _PERIOD, nullable=False),
)

# One row a steward's answer about one pair of entries, left sorting before right; the newest of a pair holds.
decision = sa.Table(
    "decision",
    metadata,
    _id(),
    *(
        sa.Column(f"{side}_{part}", kind, nullable=False)
        for side in ("left", "right")
        for part, kind in (("feed", _CODE), ("table", _CODE), ("key", sa.Text))
    ),
    sa.Column("judgement", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("steward", _CODE, nullable=False),
    sa.Column("decided_at", sa.DateTime, nullable=False),
    sa.Column("model_version", _CODE, nullable=False),
)

# One row a close, reopen or rollback of a period.
period_event = sa.Table(
    "period_event",
    metadata,
    _id(),
    sa.Column("period", _PERIOD, nullable=False, index=True),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("release", sa.Integer),
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
)

# One row a command or page that read or changed restricted data.
act = sa.Table(
    "act",
    metadata,
    _id(),
    sa.Column("os_user", _CODE, nullable=False),
    sa.Column("act", _CODE, nullable=False),
    sa.Column("subject", sa.String(255)),  # period, export name, table: never a person
    sa.Column("detail", sa.JSON),
    _at(),
)

# Nobody may change or remove a row of these; the register's (below) may only be purged of builds never published.
SIGNED = (acceptance, decision, period_event, act, run, receipt)
OF_BUILDS = (table_profile, issued_child, anchor, child_event)


def _ddl(statement: str, dialect: str) -> sa.schema.ExecutableDDLElement:
    """A statement for one database only."""
    ddl: sa.schema.DDL = sa.schema.DDL(statement)  # type: ignore[no-untyped-call]
    return ddl.execute_if(dialect=dialect)


def _forbid(table: sa.Table, verb: str) -> None:
    """Let the database itself refuse to change or remove signed rows."""
    words = f"{table.name} is append-only: write a newer row"
    sqlite = (
        f"create trigger {table.name}_no_{verb} before {verb} on {table.name} begin select raise(abort, '{words}'); end"
    )
    sa.event.listen(table, "after_create", _ddl(sqlite, "sqlite"))
    function = (
        f"create function {table.name}_no_{verb}() returns trigger language plpgsql as "
        f"'begin raise exception ''{words}''; end'"
    )
    trigger = (
        f"create trigger {table.name}_no_{verb} before {verb} on {table.name} "
        f"for each row execute function {table.name}_no_{verb}()"
    )
    for statement in (function, trigger):
        sa.event.listen(table, "after_create", _ddl(statement, "postgresql"))


for _table in SIGNED:
    _forbid(_table, "update")
    _forbid(_table, "delete")
for _table in OF_BUILDS:
    _forbid(_table, "update")
