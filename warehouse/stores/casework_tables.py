"""Tables of the stewards' work on cases: verdicts, claims, notes. See :mod:`warehouse.stores.tables`."""

import sqlalchemy as sa

from warehouse.stores.columns import BIG, CHILD, CODE, PERIOD, row_id, written_at
from warehouse.stores.tables import metadata

# One row an act on a case's verdict: give, confirm or reject (the second person), undo. Its effect is in `decision`.
verdict = sa.Table(
    "verdict",
    metadata,
    row_id(),
    sa.Column("idempotency_key", CODE, nullable=False, unique=True),
    sa.Column("act", sa.String(16), nullable=False),
    sa.Column("concerns", BIG, sa.ForeignKey("verdict.id"), index=True),  # the given one; null: this is it
    sa.Column("period", PERIOD, nullable=False),
    sa.Column("case_id", sa.BigInteger, nullable=False),
    sa.Column("fingerprint", CODE, nullable=False),  # of the facts that the steward was shown
    sa.Column("answer", sa.String(16), nullable=False),  # SAME, DIFFERENT, UNSURE or MIXED
    sa.Column("judgements", sa.JSON, nullable=False),  # the pairs, each as in `decision`
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("second_because", CODE),  # why it needs a second person; null: it doesn't
    sa.Column("is_blind", sa.Boolean, nullable=False),  # asked again without the machine's opinion: it changes nothing
    sa.Column("batch", CODE, index=True),  # of verdicts given at once
    sa.Column("model_version", CODE, nullable=False),
    sa.Column("steward", CODE, nullable=False),
    written_at(),
    sa.Index("ix_verdict_case", "period", "case_id"),
)

# One row a case that somebody works on until then. Kept up to date: a claim only keeps two people from the same work.
claim = sa.Table(
    "claim",
    metadata,
    sa.Column("period", PERIOD, primary_key=True),
    sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("steward", CODE, nullable=False, index=True),
    sa.Column("until", sa.DateTime, nullable=False),
    written_at(),
)

# One row a note on a case, a flag for the supervisor, or its taking down.
case_note = sa.Table(
    "case_note",
    metadata,
    row_id(),
    sa.Column("period", PERIOD, nullable=False),
    sa.Column("case_id", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # note, flag, unflag
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("written_by", CODE, nullable=False),
    written_at(),
    sa.Index("ix_case_note_case", "period", "case_id"),
)

# One row a case that a person made: two children, or one of whom some entries may be another's.
comparison = sa.Table(
    "comparison",
    metadata,
    row_id(),
    sa.Column("case_id", sa.BigInteger, nullable=False, unique=True),  # negative
    sa.Column("one", CHILD, nullable=False),
    sa.Column("other", CHILD),  # null: the one may be two
    sa.Column("apart", sa.JSON),  # natural keys of the entries that may be another's
    sa.Column("asked_by", CODE, nullable=False),
    written_at(),
)

# One row a case: when a run first asked it. Kept by the app, which finds it out.
asked_case = sa.Table(
    "asked_case",
    metadata,
    sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("period", PERIOD, nullable=False),
    written_at(),
)

# One row a change of whose case it is; the newest of a case holds.
case_assignment = sa.Table(
    "case_assignment",
    metadata,
    row_id(),
    sa.Column("period", PERIOD, nullable=False),
    sa.Column("case_id", sa.BigInteger, nullable=False),
    sa.Column("assignee", CODE),  # null: nobody's any more
    sa.Column("assigned_by", CODE, nullable=False),
    written_at(),
    sa.Index("ix_case_assignment_case", "period", "case_id"),
)

# One row somebody's word on when they are away, and who stands in; the newest of a user holds.
absence = sa.Table(
    "absence",
    metadata,
    row_id(),
    sa.Column("username", CODE, nullable=False, index=True),
    sa.Column("deputy", CODE),
    sa.Column("from_on", sa.Date, nullable=False),
    sa.Column("until_on", sa.Date, nullable=False),  # the last day
    sa.Column("set_by", CODE, nullable=False),
    written_at(),
)

# One row an automatic link that somebody verified, blind: it changes nothing, and tells how good the links are.
link_check = sa.Table(
    "link_check",
    metadata,
    row_id(),
    sa.Column("period", PERIOD, nullable=False),
    sa.Column("case_id", sa.BigInteger, nullable=False),  # of link.link_sample
    sa.Column("link_band", CODE, nullable=False),
    *(
        sa.Column(f"{side}_{part}", sa.Text if part == "key" else CODE, nullable=False)
        for side in ("left", "right")
        for part in ("feed", "table", "key")
    ),
    sa.Column("judgement", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("model_version", CODE, nullable=False),
    sa.Column("steward", CODE, nullable=False),
    written_at(),
    sa.UniqueConstraint("period", "case_id"),
)

# One row a child that somebody is to look after until that day; the newest of a child and user holds.
child_assignment = sa.Table(
    "child_assignment",
    metadata,
    row_id(),
    sa.Column("child_id", CHILD, nullable=False, index=True),
    sa.Column("username", CODE, nullable=False, index=True),
    sa.Column("until_on", sa.Date, nullable=False),  # the last day; one before `at` takes the child back
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("assigned_by", CODE, nullable=False),
    written_at(),
)

SIGNED = (verdict, case_note, comparison, case_assignment, absence, link_check, child_assignment)
