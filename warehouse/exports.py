"""Writes a table of a published period to a file: CSV, Parquet or Excel, whole or not at all."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import duckdb
import xlsxwriter

from warehouse import build, opening, specs
from warehouse.home import Home
from warehouse.store import Warehouse

ROOMS = ("core", "care", "mart")  # whose tables may be exported by name
_EXCEL_ROWS = 1_048_576
_CHUNK = 10_000


class ExportRefused(ValueError):
    """The export can't be made as asked; says what can."""


@dataclass(frozen=True, slots=True)
class Export:
    """What was written."""

    name: str
    file: Path
    rows: int


@cache
def names() -> Mapping[str, str]:
    """What can be exported, by name, with the query: `links`, `status`, and every table of core, care and mart.

    A table is `room.table`; bare `table` too where only one room has it.
    """
    tables = [spec for spec in specs.load().values() if spec.room in ROOMS]
    bare = [spec.table for spec in tables]
    found = {spec.table: f"from {spec.name}" for spec in tables if bare.count(spec.table) == 1}
    found |= {spec.name: f"from {spec.name}" for spec in tables}
    fixed = {name: build.statement("export", name).sql for name in build.tables_of("export")}
    return {**fixed, **dict(sorted(found.items()))}


def export(
    name: str, home: Home | Path | str, period: str, out: Path | str, *, threads: int = 2, memory_limit: str = "4GB"
) -> Export:
    """Write the export ``name`` of a published period to ``out``; its ending says the format: .csv, .parquet, .xlsx.

    CSV is UTF-8 without BOM, comma, LF, with a header, null and empty text both empty. Lists are joined by `|`.
    A file that is there is replaced only once the new one is whole.
    """
    file = Path(out)
    write = _WRITERS.get(file.suffix.lower())
    if write is None:
        raise ExportRefused(f"{file.name}: expected an ending of {', '.join(_WRITERS)}, which says the format.")
    if name not in names():
        raise ExportRefused(f"{name}: no such export. There are: {', '.join(names())}.")
    if not file.parent.is_dir():
        raise ExportRefused(f"{file.parent}: no such folder. Make it, or write elsewhere.")
    half = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    with Warehouse(home, threads, memory_limit) as house:
        con = house.read_published(period)
        try:
            rows = write(con, _exported(con, name, period), half)
            with half.open("rb") as written:
                os.fsync(written.fileno())
            half.replace(file)
        finally:
            half.unlink(missing_ok=True)
            con.close()
    return Export(name, file, rows)


def _exported(con: duckdb.DuckDBPyConnection, name: str, period: str) -> str:
    """Make the query a temporary view's, since COPY binds no parameters; return the view's name."""
    query = names()[name]
    con.execute("set variable period = ?", [period])
    con.execute(f"create or replace temp view exported as {query.replace('$period', "getvariable('period')")}")
    return "exported"


def _columns(con: duckdb.DuckDBPyConnection, view: str) -> list[tuple[str, str]]:
    """Names and types of what is exported."""
    return [(row[0], row[1]) for row in con.execute(f"describe {view}").fetchall()]


def _flat(con: duckdb.DuckDBPyConnection, view: str) -> str:
    """The view with lists joined and empty text null: a cell of a table has room for one value."""
    cells = []
    for name, kind in _columns(con, view):
        column = opening.identifier(name)
        if kind.endswith("[]"):
            cells.append(f"nullif(array_to_string({column}, '|'), '') as {column}")
        elif kind == "VARCHAR":
            cells.append(f"nullif({column}, '') as {column}")
        else:
            cells.append(column)
    return f"select {', '.join(cells)} from {view}"


def _write_csv(con: duckdb.DuckDBPyConnection, view: str, file: Path) -> int:
    told = con.execute(
        f"copy ({_flat(con, view)}) to {opening.text(str(file))} (format csv, header, delimiter ',', nullstr '')"
    )
    return _count(told.fetchall())


def _write_parquet(con: duckdb.DuckDBPyConnection, view: str, file: Path) -> int:
    told = con.execute(f"copy {view} to {opening.text(str(file))} (format parquet, compression zstd)")
    return _count(told.fetchall())


def _count(told: list[tuple[int]]) -> int:
    return int(told[0][0])


def _write_excel(con: duckdb.DuckDBPyConnection, view: str, file: Path) -> int:
    """Text is written as text, so that Excel takes no number for a number that it may round or shorten."""
    rows = _count(con.execute(f"select count(*) from {view}").fetchall())
    if rows >= _EXCEL_ROWS:
        raise ExportRefused(f"{rows} rows, and a sheet of Excel holds {_EXCEL_ROWS - 1}. Export to .csv or .parquet.")
    header = [name for name, _ in _columns(con, view)]
    cursor = con.execute(_flat(con, view))
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(header) - 1, 0), 16, text)
        for column, title in enumerate(header):
            sheet.write_string(0, column, title)
        at = 0
        while chunk := cursor.fetchmany(_CHUNK):
            for at, row in enumerate(chunk, at + 1):  # noqa: B020, PLW2901
                _write_row(sheet, at, row)
    return rows


def _write_row(sheet: "xlsxwriter.worksheet.Worksheet", at: int, row: Iterable[object]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, bool):
            sheet.write_string(at, column, "true" if value else "false")
        elif isinstance(value, int | float) and abs(value) < 10**15:
            sheet.write_number(at, column, value)
        elif isinstance(value, date | datetime):
            sheet.write_string(at, column, value.isoformat())
        elif value is not None:
            sheet.write_string(at, column, str(value))


_WRITERS = {".csv": _write_csv, ".parquet": _write_parquet, ".xlsx": _write_excel}
