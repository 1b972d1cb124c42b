"""Reports that left the bureau: the counts behind them, and the accounts of who made and who released them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the columns; reports of before tell neither counts nor accounts."""
    op.add_column("sealed_figure", sa.Column("counts", sa.Text))
    op.add_column("sealed_figure", sa.Column("account", sa.String(64)))
    op.add_column("seal_word", sa.Column("account", sa.String(64)))
