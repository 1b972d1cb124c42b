"""What alembic runs: the revisions, on the connection and in the transaction handed to it."""

from alembic import context

from warehouse.stores.migrations import REVISION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=REVISION_TABLE)
context.run_migrations()
