"""Tables of visits to children that people recorded in the web app. See :mod:`warehouse.stores.tables`."""

import sqlalchemy as sa

from warehouse.stores.columns import BIG, CHILD, CODE, PERIOD, row_id, written_at
from warehouse.stores.tables import metadata

FINDINGS = (
    *("in_hardship", "lacks_guardianship", "is_vagrant", "dropped_out", "behaviour_anomaly", "asked_for_help"),
    *("single_parent", "other_parent_capable"),
)
TEXTS = ("problems", "needs", "resolution")

# One row a visit or contact. Columns as of the feed civil_affairs.field_visit, but for names, numbers, phones and
# addresses: the child is known by its id. A finding is null where nothing was said.
recorded_visit = sa.Table(
    "recorded_visit",
    metadata,
    row_id(),
    sa.Column("form_key", CODE, nullable=False, unique=True),  # a form that is sent twice is one visit
    sa.Column("period", PERIOD, nullable=False),  # whose page it was recorded on
    sa.Column("child_id", CHILD, nullable=False, index=True),
    sa.Column("visited_on", sa.Date, nullable=False),
    sa.Column("visit_kind", sa.String(16), nullable=False),  # in_home, phone, other
    sa.Column("living_with", CODE),
    sa.Column("residence_division_code", sa.String(12)),  # 6, 9 or 12 digits
    sa.Column("residence_since", sa.Date),
    *(sa.Column(name, sa.Boolean) for name in FINDINGS),
    sa.Column("father_away_since", sa.Date),
    sa.Column("mother_away_since", sa.Date),
    *(sa.Column(name, sa.Text) for name in TEXTS),
    sa.Column("recorded_by", CODE, nullable=False),
    written_at(),
    sa.Column("emergency_division_code", sa.String(12)),  # where a sudden hardship happened
)

# One row a recorded visit that was taken back: it was none, or about another child.
visit_withdrawal = sa.Table(
    "visit_withdrawal",
    metadata,
    sa.Column("visit_id", BIG, sa.ForeignKey("recorded_visit.id"), primary_key=True, autoincrement=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("withdrawn_by", CODE, nullable=False),
    written_at(),
)

SIGNED = (recorded_visit, visit_withdrawal)
