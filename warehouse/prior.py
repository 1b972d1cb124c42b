"""Fills the ``prior`` schema of a fresh building file: what the last earlier period and the stores know."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from policy.period import Period
from warehouse import opening, specs
from warehouse.releases import Release
from warehouse.stores import decisions, ledger, packets, register, visits

# prior.<name> from the last earlier period's <room>.<table>
_CARRIED = {
    "child": ("core", "child"),
    "hukou": ("core", "hukou"),
    "residence": ("core", "residence"),
    "visit": ("core", "visit"),
    "schooling": ("core", "schooling"),
    "circumstance": ("core", "circumstance"),
    "base_list": ("care", "base_list"),
    "visit_due": ("care", "visit_due"),
    "event": ("care", "event"),
    "service_fact": ("care", "service_fact"),
    "receipt": ("raw", "receipt"),
    "migrant_status": ("care", "migrant_status"),
    "rule": ("mart", "rule"),
    "national_number": ("core", "national_number"),
}
# prior.<name> from link.<name> of the build whose model version holds: all or none of them
_MODEL = ("trained_model", "level_weight", "value_frequency")
_EARLIER = "earlier"
_NEVER = "9999"  # after every period
# Ids merged away by events of periods before $before, each with the id at the end of its chain.
_REDIRECTS = """
    with recursive step as (
        select child_id, arg_max(other_child_id, rowid) as to_child_id
        from prior.child_event
        where event = 'merge' and other_child_id is not null and period < $before
        group by child_id
    ), walked as (
        select child_id, to_child_id, 1 as steps from step
        union all
        select walked.child_id, step.to_child_id, steps + 1
        from walked join step on step.child_id = walked.to_child_id where steps < 100
    )
    select child_id, arg_max(to_child_id, steps) as to_child_id from walked group by child_id order by child_id
"""


class RegisterIncomplete(RuntimeError):
    """The stores lack rows that a published build wrote: going on would mint new ids for known children."""

    def __init__(self, build_id: int, table: str, expected: int, found: int) -> None:
        super().__init__(
            f"The register of child ids is incomplete: build {build_id}, which is published, wrote {expected} rows of "
            f"`{table}`, the stores hold {found}. Restore the operational stores from their backup; do not run before."
        )


def fill(
    con: duckdb.DuckDBPyConnection,
    stores: sa.Engine,
    release: Release,
    period: str,
    earlier: Path | None,
    published: Path | None = None,
) -> None:
    """Make every table of ``prior``, empty where there is nothing.

    ``earlier``: the last earlier period's file; ``published``: this period's own, which says what linkage model holds
    where the period is built again.
    """
    con.execute("create schema if not exists prior")
    _check_register(stores, release)
    _carry_over(con, earlier)
    _carry_model(con, [file for file in (published, earlier) if file is not None])
    _fill_register(con, stores, release, period)
    _put(con, "decision", _decisions(stores))
    _put(con, "ledger_act", ledger.read_until(stores, period))
    _put(con, "recorded_visit", visits.read_until(stores, Period.parse(period).as_of))
    _put(con, "hukou_answer", packets.read_hukou_answers(stores, period))


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


def _carry_model(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    """Copy the linkage model of the first of these files that holds one; empty tables where none does."""
    for name in _MODEL:
        columns = specs.get("link", name).columns.items()
        shape = ", ".join(f"{opening.identifier(column)} {of.type}" for column, of in columns)
        con.execute(f"create or replace table prior.{name} ({shape})")
    for file in files:
        opening.attach(con, file, _EARLIER, read_only=True)
        try:
            if all(set(_in_both(con, "link", name, spec)) == set(spec.columns) for name, spec in _model_specs()):
                for name in _MODEL:
                    con.execute(f"insert into prior.{name} by name from {_EARLIER}.link.{name}")
                return
        finally:
            con.execute(f"detach {_EARLIER}")


def _model_specs() -> list[tuple[str, specs.TableSpec]]:
    return [(name, specs.get("link", name)) for name in _MODEL]


def _in_both(con: duckdb.DuckDBPyConnection, room: str, table: str, spec: specs.TableSpec) -> list[str]:
    """Columns that today's spec and the earlier file both have."""
    had = con.execute(
        "select column_name from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ?",
        [_EARLIER, room, table],
    ).fetchall()
    return [column for column in spec.columns if (column,) in had]


def _fill_register(con: duckdb.DuckDBPyConnection, stores: sa.Engine, release: Release, period: str) -> None:
    """Known anchors with the age of the child they name (1 is the oldest), redirects of merged ids, past events.

    ``earlier_child_id`` is the child an anchor named when the periods before this one were all there was: what an
    earlier build of this very period found out is no evidence for it.
    """
    builds, before = release.builds_in_force, _builds_before(release, period)
    _put(con, "issued_child", register.read_issued(stores, builds))
    _put(con, "child_event", register.read_events(stores, builds, but=("continue",)))
    con.execute(f"create or replace table prior.child_redirect as {_REDIRECTS}", {"before": _NEVER})
    con.execute(f"create or replace temp table earlier_redirect as {_REDIRECTS}", {"before": period})
    newest = _last_of_each(register.read_anchors(stores, builds))
    con.register("newest", newest)
    con.register("left_before", newest if before == builds else _last_of_each(register.read_anchors(stores, before)))
    con.execute(
        "create or replace temp table before as from left_before"
    )  # DuckDB can't filter Arrow's uint64 by a join
    con.execute(
        """
        create or replace table prior.known_anchor as
        with age as (select child_id, min(rowid) + 1 as priority from prior.issued_child group by child_id)
        select
            newest.anchor, newest.child_id, coalesce(age.priority, 2147483647)::integer as priority,
            coalesce(redirect.to_child_id, before.child_id) as earlier_child_id
        from newest
        left join age on age.child_id = newest.child_id
        left join before on before.anchor = newest.anchor
        left join earlier_redirect as redirect on redirect.child_id = before.child_id
        """
    )
    con.unregister("newest")
    con.unregister("left_before")
    for table in ("before", "earlier_redirect"):
        con.execute(f"drop table {table}")


def _builds_before(release: Release, period: str) -> tuple[int, ...]:
    """Builds in force of the periods before this one, oldest first."""
    earlier = {act.build_id for act in release.history if act.act == "publish" and act.period < period}
    return tuple(build for build in release.builds_in_force if build in earlier)


def _last_of_each(rows: pa.Table) -> pa.Table:
    """Of rows of one anchor the last, which holds; ordered by anchor."""
    anchors = rows["anchor"].to_numpy()
    order = np.argsort(anchors, kind="stable")
    ordered = anchors[order]
    is_last = np.ones(len(ordered), dtype=bool)
    is_last[:-1] = ordered[1:] != ordered[:-1]
    return rows.take(pa.array(order[is_last]))


def _decisions(stores: sa.Engine) -> pa.Table:
    """What people said of pairs; ``is_blind``: without knowing what the machine holds, which decides nothing."""
    said = {False: decisions.read_holding(stores), True: decisions.read_blind(stores)}
    return pa.concat_tables(
        rows.append_column("is_blind", pa.repeat(is_blind, rows.num_rows)) for is_blind, rows in said.items()
    )


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
