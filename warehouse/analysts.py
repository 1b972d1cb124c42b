"""The analysts' database: the mart of all published periods, and the one read-only way in for their SQL."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse import opening, releases, specs
from warehouse.home import Home

_CATALOG = "analysts"
_ALLOWED = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


class QueryRefused(ValueError):
    """The analyst's SQL can't be run; says why in their terms."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: column names, their DuckDB types, rows."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[object, ...]]


def make(con: duckdb.DuckDBPyConnection, file: Path, periods: list[str]) -> None:
    """Write a new analysts' database from the ``mart`` rooms of periods attached under their own keys.

    A table without a ``period`` column gets one, first. A column that some period doesn't have is null there.
    """
    con.execute(f"attach {opening.text(str(file))} as {_CATALOG}")
    con.execute(f"create schema {_CATALOG}.mart")
    for table, having in _tables(con, periods).items():
        parts = [_select(con, period, table) for period in having]
        con.execute(f"create table {_CATALOG}.mart.{opening.identifier(table)} as {' union all by name '.join(parts)}")
        _comment(con, table)
    con.execute(f"checkpoint {_CATALOG}")
    con.execute(f"detach {_CATALOG}")
    os.chmod(file, 0o444)  # noqa: PTH101


def _tables(con: duckdb.DuckDBPyConnection, periods: list[str]) -> dict[str, list[str]]:
    """The mart's tables, each with the periods that have it."""
    rows = con.execute(
        "select table_name, database_name from duckdb_tables() where schema_name = 'mart' order by all"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for table, period in rows:
        if period in periods:
            found.setdefault(table, []).append(period)
    return found


def _select(con: duckdb.DuckDBPyConnection, period: str, table: str) -> str:
    """One period's rows with their period."""
    source = f"{opening.identifier(period)}.mart.{opening.identifier(table)}"
    has_period = any(row[0] == "period" for row in con.execute(f"describe {source}").fetchall())
    return f"select * from {source}" if has_period else f"select {opening.text(period)} as period, * from {source}"


def _comment(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Put the spec's words on the table, so that `describe` and tools show them."""
    spec = specs.load().get(("mart", table))
    if spec is None:
        return
    name = f"{_CATALOG}.mart.{opening.identifier(table)}"
    con.execute(f"comment on table {name} is {opening.text(f'{spec.title}: {spec.grain}')}")
    there = {row[0] for row in con.execute(f"describe {name}").fetchall()}
    for column, of in spec.columns.items():
        words = " ".join(filter(None, (of.title, of.description)))
        if words and column in there:
            con.execute(f"comment on column {name}.{opening.identifier(column)} is {opening.text(words)}")


def query(
    home: Home | Path | str, sql: str, *, seconds: float = 60, memory_limit: str = "2GB", threads: int = 2
) -> Answer:
    """Run one ``select`` on the analysts' database of the release in force.

    The connection reads that one file and nothing else: no other file, no network, no change of settings. Raises
    :class:`QueryRefused` for anything but one query, for a faulty one, and for one that takes longer than ``seconds``.
    """
    _check(sql)
    with reading(home, memory_limit=memory_limit, threads=threads) as con:
        return _run(con, sql, seconds)


@contextmanager
def reading(
    home: Home | Path | str, *, memory_limit: str = "2GB", threads: int = 2
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection to the analysts' database of the release in force, and to nothing else."""
    place = Home.at(home)
    release = releases.in_force(place)
    if release.number == 0:
        raise releases.NothingPublished(
            f"{place.root}: 尚未发布。 nothing is published yet. Run `childindex run` first."
        )
    con = opening.connect(opening.Engine(threads, memory_limit), place.spill)
    try:
        _shut_in(con, releases.folder(place, release.number) / releases.ANALYSTS)
        yield con
    finally:
        con.close()


def _check(sql: str) -> None:
    """Let exactly one reading statement through."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryRefused(f"Not SQL that DuckDB understands: {error}") from None
    if len(statements) != 1:
        raise QueryRefused(f"Expected one statement, found {len(statements)}. Send them one by one.")
    if statements[0].type not in _ALLOWED:
        raise QueryRefused(
            f"Only select (and describe, summarize, explain) may be run here, not {statements[0].type.name}."
        )
    if statements[0].named_parameters:
        raise QueryRefused("The statement has parameters ($name or ?); write the values into it.")


def _shut_in(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Attach the analysts' file read-only and shut the door behind it for good."""
    con.execute(f"attach {opening.text(str(file))} as {_CATALOG} (read_only)")
    con.execute(f"use {_CATALOG}.mart")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


def _run(con: duckdb.DuckDBPyConnection, sql: str, seconds: float) -> Answer:
    timer = threading.Timer(seconds, con.interrupt)
    timer.start()
    try:
        told = con.execute(sql)
        description = told.description or []
        rows = told.fetchall()
    except duckdb.InterruptException:
        raise QueryRefused(f"Stopped after {seconds:g} seconds. Ask for less, or count before you list.") from None
    except duckdb.Error as error:
        raise QueryRefused(str(error)) from None
    finally:
        timer.cancel()
    return Answer(tuple(str(each[0]) for each in description), tuple(str(each[1]) for each in description), rows)
