"""Fills the ``prior`` schema of a fresh building file: what the last earlier period and the stores know."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from warehouse import opening, specs
from warehouse.releases import Release
from warehouse.stores import decisions, register

# prior.<name> from the last earlier period's <room>.<table>
_CARRIED = {
    "child": ("core", "child"),
    "hukou": ("core", "hukou"),
    "residence": ("core", "residence"),
    "receipt": ("raw", "receipt"),
}
_EARLIER = "earlier"


class RegisterIncomplete(RuntimeError):
    """The stores lack rows that a published build wrote: going on would mint new ids for known children."""

    def __init__(self, build_id: int, table: str, expected: int, found: int) -> None:
        super().__init__(
            f"The register of child ids is incomplete: build {build_id}, which is published, wrote {expected} rows of "
            f"`{table}`, the stores hold {found}. Restore the operational stores from their backup; do not run before."
        )


def fill(
    con: duckdb.DuckDBPyConnection, stores: sa.Engine, release: Release, period: str, earlier: Path | None
) -> None:
    """Make every table of ``prior``, empty where there is nothing. ``earlier`` is the last earlier period's file."""
    con.execute("create schema if not exists prior")
    _check_register(stores, release)
    _carry_over(con, earlier)
    _fill_register(con, stores, release)
    _put(con, "decision", decisions.read_holding(stores))


def _carry_over(con: duckdb.DuckDBPyConnection, earlier: Path | None) -> None:
    """Copy the earlier period's tables into the shape that today's specs give them.

    A column that the earlier version of the project didn't have is null, one that is no more is left out.
    """
    if earlier is not None:
        opening.attach(con, earlier, _EARLIER, read_only=True)
    try:
        for name, (room, table) in _CARRIED.items():
            spec = specs.get(room, table)
            shape = ", ".join(f"{opening.identifier(column)} {of.type}" for column, of in spec.columns.items())
            con.execute(f"create or replace table prior.{name} ({shape})")
            if earlier is not None:
                common = ", ".join(map(opening.identifier, _in_both(con, room, table, spec)))
                if common:
                    con.execute(f"insert into prior.{name} by name select {common} from {_EARLIER}.{room}.{table}")
    finally:
        if earlier is not None:
            con.execute(f"detach {_EARLIER}")


def _in_both(con: duckdb.DuckDBPyConnection, room: str, table: str, spec: specs.TableSpec) -> list[str]:
    """Columns that today's spec and the earlier file both have."""
    had = con.execute(
        "select column_name from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ?",
        [_EARLIER, room, table],
    ).fetchall()
    return [column for column in spec.columns if (column,) in had]


def _fill_register(con: duckdb.DuckDBPyConnection, stores: sa.Engine, release: Release) -> None:
    """Known anchors with the age of the child they name (1 is the oldest), redirects of merged ids, past events."""
    builds = release.builds_in_force
    _put(con, "issued_child", register.read_issued(stores, builds))
    con.register("newest", _last_of_each(register.read_anchors(stores, builds)))
    con.execute(
        """
        create or replace table prior.known_anchor as
        with age as (select child_id, min(rowid) + 1 as priority from prior.issued_child group by child_id)
        select anchor, child_id, coalesce(priority, 2147483647)::integer as priority
        from newest left join age using (child_id)
        """
    )
    con.unregister("newest")
    _put(con, "child_event", register.read_events(stores, builds, but=("continue",)))
    con.execute(
        """
        create or replace table prior.child_redirect as
        with recursive step as (
            select child_id, arg_max(other_child_id, rowid) as to_child_id
            from prior.child_event where event = 'merge' and other_child_id is not null group by child_id
        ), walked as (
            select child_id, to_child_id, 1 as steps from step
            union all
            select walked.child_id, step.to_child_id, steps + 1
            from walked join step on step.child_id = walked.to_child_id where steps < 100
        )
        select child_id, arg_max(to_child_id, steps) as to_child_id from walked group by child_id order by child_id
        """
    )


def _last_of_each(rows: pa.Table) -> pa.Table:
    """Of rows of one anchor the last, which holds; ordered by anchor."""
    anchors = rows["anchor"].to_numpy()
    order = np.argsort(anchors, kind="stable")
    ordered = anchors[order]
    is_last = np.ones(len(ordered), dtype=bool)
    is_last[:-1] = ordered[1:] != ordered[:-1]
    return rows.take(pa.array(order[is_last]))


def _put(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Make ``prior.<name>`` of Arrow rows."""
    con.register("rows_to_put", rows)
    con.execute(f"create or replace table prior.{name} as select * from rows_to_put")
    con.unregister("rows_to_put")


def _check_register(stores: sa.Engine, release: Release) -> None:
    """Compare what published builds say they wrote with what the stores hold."""
    counted = register.count(stores)
    for entry in release.periods.values():
        for table, expected in entry.register.items():
            found = counted.get((table, entry.build_id), 0)
            if found != expected:
                raise RegisterIncomplete(entry.build_id, table, expected, found)
