"""What people judged, as pairs of this period's profiles: a decision names entries by natural key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb
import numpy as np
import pyarrow as pa

from matching import statement

ProfilePairs = list[tuple[int, int]]


def decided_pairs(con: duckdb.DuckDBPyConnection) -> tuple[ProfilePairs, ProfilePairs]:
    """Pairs of profiles that people said are the same child, and that they said aren't; the newest judgement holds.

    Of several children's entries that a judgement's names fit, it is about those whose pair scores best: the pair that
    was asked about.
    """
    if not statement.has_table(con, "prior", "decision"):
        return [], []
    _write_judged(con)
    rows = con.execute(statement.text("link/meant_pair")).fetchall()
    con.execute("drop table judged_pair")
    return _by_judgement(rows)


def clear_pairs(con: duckdb.DuckDBPyConnection) -> tuple[ProfilePairs, ProfilePairs]:
    """The same before any pair is scored: only judgements of keys that one pair bears."""
    if not statement.has_table(con, "prior", "decision"):
        return [], []
    _write_judged(con)
    rows = con.execute(
        "select distinct left_profile, right_profile, judgement from judged_pair where borne_by = 1 order by all"
    ).fetchall()
    con.execute("drop table judged_pair")
    return _by_judgement(rows)


def _write_judged(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``judged_pair``. What people say blind is told to the estimates alone."""
    named = [name for name, *_ in con.execute("describe prior.decision").fetchall()]
    where = "where not is_blind" if "is_blind" in named else ""
    con.execute(f"create or replace temp view open_decision as from prior.decision {where}")
    with named_entries(con):
        statement.run(con, "link/judged_pair")
    con.execute("drop view open_decision")


@contextmanager
def named_entries(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Have ``named_entry``, a temporary table: the entries that judgements name, by each name that they can have."""
    if statement.has_table(con, "std", "name"):
        statement.run(con, "link/with_person")
        statement.run(con, "link/named_entry")
    else:  # a caller's own table, of which only keys are known
        con.execute("create or replace temp view named_entry as select entry_id, feed, table_name, key from std.entry")
    yield
    con.execute(f"drop {'table' if statement.has_table(con, 'std', 'name') else 'view'} named_entry")


def keep_pairs(con: duckdb.DuckDBPyConnection, name: str, pairs: Sequence[tuple[int, int]]) -> None:
    """Make a temporary table of pairs of profiles."""
    left, right = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    statement.keep(con, f"temp table {name}", pa.table({"left_profile": left, "right_profile": right}))


def _by_judgement(rows: list[tuple[int, int, str]]) -> tuple[ProfilePairs, ProfilePairs]:
    same = [(left, right) for left, right, judgement in rows if judgement == "same"]
    different = [(left, right) for left, right, judgement in rows if judgement == "different"]
    return same, different
