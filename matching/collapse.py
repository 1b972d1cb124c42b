"""Entries that agree on everything comparable become one profile; profiles are what is linked."""

from dataclasses import dataclass

import duckdb

from matching import statement
from matching.model import Model


@dataclass(frozen=True, slots=True)
class Collapsed:
    """How many entries of children became how many profiles."""

    entries: int
    profiles: int
    common_values: int


def write_profiles(con: duckdb.DuckDBPyConnection, model: Model) -> Collapsed:
    """Make ``link.entry_profile``, ``link.profile`` and ``link.common_value`` from ``std``; adults are left out.

    ``profile_id`` counts from 0 in the order of the least entry, so it depends on content only.
    """
    con.execute("create schema if not exists link")
    con.execute(
        "create or replace temp macro key_of(kind, text) as case when text is not null then hash(kind || text) end"
    )
    statement.run(con, "link/entry_value")
    statement.run(con, "link/entry_profile")
    statement.run(con, "link/profile")
    con.execute("drop table entry_value")
    statement.run(con, "link/common_value", {"family_at_most": model.sharing.family_at_most})
    counted = con.execute(
        "select (select count(*) from link.entry_profile), (select count(*) from link.profile),"
        " (select count(*) from link.common_value)"
    ).fetchall()[0]
    return Collapsed(*counted)
