"""Whose a sound number is, where the entry it stands in and other entries say different things.

A number tells a birth date. Where the entry tells another one, and the number's other bearer has the date that it
tells and another name, a clerk has copied a sibling's number: it says nothing about this entry's child.
"""

from __future__ import annotations

from datetime import date
from functools import partial

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from matching import statement
from matching.comparison.levels import NameLevel
from matching.comparison.names import level_names

_sql = partial(statement.text, package="matching.normalize")


def settle(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Settle in ``std.entry`` whose each disputed number is, and what follows for birth dates and who is an adult.

    ``guardian``: only the number says adult, and the adult whose it is bears another name. ``borrowed``: it is another
    child's. ``doubtful``: it tells another birth date than the entry and nobody else bears it: unverified evidence.
    ``shared``: it stands on entries that differ in name and in birth date, and whose it is can't be told.
    Needs the temporary table ``value_number`` and the view ``delivered``.
    """
    _compare_bearers(con, "adults_number")
    con.execute(_sql("disown"), {"others": "guardian", "nobodys": None})
    _compare_bearers(con, "disputed_number")
    con.execute(_sql("disown"), {"others": "borrowed", "nobodys": "doubtful"})
    _compare_bearers(con, "shared_number")
    con.execute(_sql("share"))
    con.execute(_sql("told_birth"), {"as_of": as_of})
    con.execute(_sql("unknown_age"), {"as_of": as_of})


def _compare_bearers(con: duckdb.DuckDBPyConnection, bearers: str) -> None:
    """Make ``value_bearer`` of a query's rows, which hold ``name_id`` and ``other_name_id``.

    ``agrees``: the names may be one person's. ``differs``: they can't; neither where one is no name, or a short form.
    """
    rows = con.sql(_sql(bearers)).to_arrow_table()
    pairs = rows.filter(pc.and_(rows["name_id"].is_valid(), rows["other_name_id"].is_valid()))
    pairs = pairs.group_by(["name_id", "other_name_id"]).aggregate([])
    statement.keep(con, "temp table value_pair", pairs)
    named = con.sql(
        "select * from std.name where name_id in"
        " (select name_id from value_pair union select other_name_id from value_pair) order by name_id"
    ).to_arrow_table()
    levels = level_names(named, pairs["name_id"].to_numpy(), pairs["other_name_id"].to_numpy())
    agrees = levels >= NameLevel.SWAPPED
    differs = (levels > NameLevel.MISSING) & (levels < NameLevel.NEWBORN)
    statement.keep(
        con,
        "temp table value_pair",
        pairs.append_column("agrees", pa.array(agrees)).append_column("differs", pa.array(differs)),
    )
    statement.keep(con, "temp table value_bearer", rows)
    con.execute(
        "create or replace temp table value_bearer as select bearer.*, coalesce(pair.agrees, false) as agrees,"
        " coalesce(pair.differs, false) as differs from value_bearer as bearer left join value_pair as pair"
        " using (name_id, other_name_id)"
    )
