"""Brings operational stores of any earlier version up to date (alembic), in one transaction.

A revision's id is the schema version that it makes, four digits. Beside alembic's own table, ``schema_version`` keeps
when each came, and lets a program that is older than the stores say so.
"""

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from warehouse.stores.tables import schema_version

SCHEMA_VERSION = 13
REVISION_TABLE = "store_revision"  # not alembic's default name: Dagster's storage may share the database
_FIRST_UNDER_ALEMBIC = 2


def version(connection: sa.Connection) -> int | None:
    """The schema version of the stores, or None where there are none yet."""
    if not sa.inspect(connection).has_table(schema_version.name):
        return None
    return connection.execute(sa.select(sa.func.max(schema_version.c.version))).scalar_one() or 0


def upgrade(connection: sa.Connection, found: int | None, at: datetime) -> None:
    """Run the revisions that the stores don't have yet. The caller holds the only writing transaction."""
    from alembic import command  # a tenth of a second that stores which are up to date don't need
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    if found is not None and found < _FIRST_UNDER_ALEMBIC:
        command.stamp(config, f"{found:04d}")
    command.upgrade(config, f"{SCHEMA_VERSION:04d}")
    connection.execute(schema_version.insert().values(version=SCHEMA_VERSION, at=at))
