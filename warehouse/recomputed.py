"""A published period's statuses once more, as if other rules had held. Nothing is written to any file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from policy.period import Period
from warehouse import build, opening
from warehouse.law import put_law
from warehouse.releases import ReleaseTooOld
from warehouse.store import Warehouse

_ROOMS = ("core", "care")
_CATALOG = "recomputed"


@contextmanager
def under(
    house: Warehouse, period: Period, law: Mapping[str, pa.Table], asked: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection in which the tables of ``law`` stand in ``policy`` instead of those the period was made with.

    ``asked``, a table of ``core`` or ``care``, and what it rests on are made again, in memory; all else is published.
    """
    params = {"as_of": period.as_of, "period": str(period), "period_begins_on": period.begins_on}
    with house.reading(period) as con:
        con.execute(f"attach ':memory:' as {_CATALOG}")
        made_again = dependents(frozenset(f"policy.{table}" for table in law), asked)
        for schema, table in _published(con):
            if f"{schema}.{table}" in made_again or (schema == "policy" and table in law):
                continue
            name = f"{opening.identifier(schema)}.{opening.identifier(table)}"
            con.execute(f"create schema if not exists {_CATALOG}.{opening.identifier(schema)}")
            con.execute(f"create view {_CATALOG}.{name} as from {opening.CATALOG}.{name}")
        con.execute(f"use {_CATALOG}")
        put_law(con, law)
        _build(con, made_again, period, params)
        yield con


def _build(con: duckdb.DuckDBPyConnection, names: Sequence[str], period: Period, params: build.Params) -> None:
    for name in names:
        room, table = name.split(".")
        try:
            build.build_table(con, room, table, params)
        except build.BuildError as error:
            raise ReleaseTooOld(str(period), str(error)) from None


def dependents(changed: frozenset[str], asked: str) -> list[str]:
    """Tables of ``core`` and ``care`` that ``asked`` needs and that rest on the changed ones, in order of making."""
    reads = {f"{room}.{table}": build.statement(room, table).reads for room in _ROOMS for table in build.order(room)}
    found: list[str] = []
    for name in reads:
        if reads[name] & (changed | set(found)):
            found.append(name)
    needed = {asked}
    for name in reversed(reads):
        if name in needed:
            needed |= reads[name]
    return [name for name in found if name in needed]


def _published(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ? order by all", [opening.CATALOG]
    ).fetchall()
