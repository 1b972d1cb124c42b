"""Where the hardship happened that a recorded visit tells of."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column; visits of before told no such place."""
    op.add_column("recorded_visit", sa.Column("emergency_division_code", sa.String(12)))
