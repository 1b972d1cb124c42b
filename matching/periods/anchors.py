"""Facts of entries that tell which child it is in another period: hashed once a period, read by two steps.

Clustering asks what earlier periods held for one child, identity which child a cluster is. ``link.profile_anchor`` is
made by the first that wants it and goes with the last; a release keeps only ``link.anchor``, the facts of one child
each, and ``link.shared_anchor``, those that stand at several.
"""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching import statement


def write(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``link.profile_anchor`` of the profiles there are."""
    con.execute("create or replace temp view asked_entry as from link.entry_profile")
    con.execute("create or replace table link.profile_anchor as " + statement.text("link/profile_anchor"))
    con.execute("drop view asked_entry")


def write_once(con: duckdb.DuckDBPyConnection) -> None:
    """Make it where clustering had no use for it: in a first period, or when identity runs by itself."""
    if not statement.has_table(con, "link", "profile_anchor"):
        write(con)


def write_of(con: duckdb.DuckDBPyConnection, profiles: npt.NDArray[np.int32]) -> None:
    """Have the facts of these profiles in ``link.profile_anchor``, beside those that were asked for before."""
    if not statement.has_table(con, "link", "asked_profile"):
        con.execute("create table link.asked_profile (profile_id integer)")
        con.execute("create or replace temp view asked_entry as from link.entry_profile limit 0")
        con.execute("create or replace table link.profile_anchor as " + statement.text("link/profile_anchor"))
    statement.keep(con, "temp table wanted_profile", pa.table({"profile_id": profiles}))
    con.execute("delete from wanted_profile where profile_id in (from link.asked_profile)")
    if con.execute("select count(*) from wanted_profile").fetchall()[0][0]:
        con.execute("insert into link.asked_profile from wanted_profile")
        con.execute(
            "create or replace temp view asked_entry as"
            " from link.entry_profile semi join wanted_profile using (profile_id)"
        )
        con.execute("insert into link.profile_anchor " + statement.text("link/profile_anchor"))
        con.execute("drop view asked_entry")
    con.execute("drop table wanted_profile")


def drop(con: duckdb.DuckDBPyConnection) -> None:
    """Remove it: nobody reads it any more, or its profiles are about to be made anew."""
    for table in ("profile_anchor", "asked_profile"):
        con.execute(f"drop table if exists link.{table}")
