"""Facts of entries that tell which child it is in another period: hashed once a period, read by two steps.

Clustering asks what earlier periods held for one child, identity which child a cluster is. ``link.profile_anchor`` is
made by the first that wants it and goes with the last, so that no release holds it.
"""

from __future__ import annotations

import duckdb

from matching import statement


def write(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``link.profile_anchor`` of the profiles there are."""
    statement.run(con, "link/profile_anchor")


def write_once(con: duckdb.DuckDBPyConnection) -> None:
    """Make it where clustering had no use for it: in a first period, or when identity runs by itself."""
    found = con.execute(
        "select count(*) from duckdb_tables()"
        " where database_name = current_database() and schema_name = 'link' and table_name = 'profile_anchor'"
    ).fetchall()
    if not found[0][0]:
        write(con)


def drop(con: duckdb.DuckDBPyConnection) -> None:
    """Remove it: nobody reads it any more, or its profiles are about to be made anew."""
    con.execute("drop table if exists link.profile_anchor")
