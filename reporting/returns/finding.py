"""Reads what a department's delivery got wrong from a published period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import duckdb

from reporting.returns import words
from reporting.returns.words import Table

WHOLE_ROW = "（整行）"
_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct or to know: where it stands in the delivery, what it is, what is asked.

    ``key`` is the department's own number of the row, by which it finds the row in its system; null where it can't be
    read. ``column`` is the department's name, or :data:`WHOLE_ROW`.
    """

    file: str
    row_no: int
    key: str | None
    column: str
    what: str
    ask: str
    must: bool


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a table: ``read`` is the sum of the other three. ``notes``: of columns, encodings, files."""

    status: str
    read: int
    landed: int
    repeated: int
    quarantined: int
    notes: tuple[str, ...]


Kind = tuple[str, str, bool]  # column, what, must


@cache
def _sql() -> str:
    return (files("reporting.returns") / "found.sql").read_text(encoding="utf-8")


def findings(con: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Finding]:
    """Everything found in one table, in the order of its files and rows."""
    told = con.execute(_sql(), {"feed": table.feed, "table_name": table.name})
    while chunk := told.fetchmany(_CHUNK):
        for kind, file, row_no, key, column_name, fault, detail in chunk:
            yield _finding(table, kind, file, row_no, key, column_name, fault, detail or "")


def _finding(
    table: Table, kind: str, file: str, row_no: int, key: str | None, name: str | None, fault: str, detail: str
) -> Finding:
    if kind == "row":
        what, ask = table.unreadable(fault, detail)
        return Finding(file, row_no, key, WHOLE_ROW, what, ask, True)
    if kind == "key":
        said = words.load()["row"][fault]
        return Finding(file, row_no, key, WHOLE_ROW, f"{said.what}，另见 {detail}", said.ask, said.must)
    column = table.columns.get(name or "")
    said = words.of_cell(column, fault)
    return Finding(file, row_no, key, column.header if column else str(name), said.what, said.ask, said.must)


def kinds(con: duckdb.DuckDBPyConnection, table: Table) -> Counter[Kind]:
    """How often each kind of fault was found in a table."""
    counted: Counter[Kind] = Counter()
    for found in findings(con, table):
        counted[found.column, found.what.partition("，另见")[0], found.must] += 1
    return counted


def received(con: duckdb.DuckDBPyConnection, table: Table) -> Received | None:
    """What came of a table; None where the period knows nothing of it."""
    at = [table.feed, table.name]
    found = con.execute(
        "select status, rows_read, rows_landed, rows_repeated, rows_quarantined, warnings from raw.receipt"
        " where feed = ? and table_name = ?",
        at,
    ).fetchone()
    if found is None:
        return None
    drifted = con.execute(
        "select distinct kind, column_name from raw.drift where feed = ? and table_name = ? order by all", at
    ).fetchall()
    status, read, landed, repeated, quarantined, warnings = found
    notes = [str(warning).split(" / ")[0] for warning in warnings or ()]
    notes += [f"缺少可选列：{column}" for kind, column in drifted if kind == "absent_column"]
    return Received(status, read, landed, repeated, quarantined, tuple(notes))
