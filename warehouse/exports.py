"""Writes a table of a published period to a file: CSV, Parquet or Excel, whole or not at all."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import xlsxwriter

from warehouse import build, opening, specs
from warehouse.home import Home
from warehouse.store import Warehouse

ROOMS = ("core", "care", "mart")  # whose tables may be exported by name
_EXCEL_ROWS = 1_048_576
_EXCEL_EXACT = 10**15  # Excel keeps 15 digits; a longer number is written as text
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

    A table is `room.table`; bare `table` too, of the first room in their order that has it: such a name never changes
    its meaning because a later room gets a table of that name.
    """
    tables = [spec for spec in specs.load().values() if spec.room in ROOMS]
    found = {spec.table: f"from {spec.name}" for spec in reversed(tables)}
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
    with Warehouse(home, threads, memory_limit) as house, house.reading(period) as con:
        try:
            rows = write(con, _query(con, name, period), half)
            with half.open("rb") as written:
                os.fsync(written.fileno())
            half.replace(file)
        finally:
            half.unlink(missing_ok=True)
    return Export(name, file, rows)


@dataclass(frozen=True, slots=True)
class _Query:
    """What is exported: the query with its bound values, and its columns as (name, DuckDB type)."""

    sql: str
    bound: dict[str, str]
    columns: list[tuple[str, str]]

    @property
    def flat(self) -> str:
        """The query with lists joined and empty text null: a cell of CSV or Excel has room for one value."""
        cells = []
        for name, kind in self.columns:
            column = opening.identifier(name)
            if kind.endswith("[]"):
                cells.append(f"nullif(array_to_string({column}, '|'), '') as {column}")
            elif kind == "VARCHAR":
                cells.append(f"nullif({column}, '') as {column}")
            else:
                cells.append(column)
        return f"select {', '.join(cells)} from ({self.sql}\n)"


def _query(con: duckdb.DuckDBPyConnection, name: str, period: str) -> _Query:
    sql = names()[name]
    bound = dict.fromkeys(duckdb.extract_statements(sql)[0].named_parameters, period)
    if set(bound) - {"period"}:
        raise ExportRefused(f"{name}: its SQL binds {sorted(bound)}; an export has only period to give.")
    shape = con.execute(f"select * from ({sql}\n) limit 0", bound).description or []
    return _Query(sql, bound, [(str(each[0]), str(each[1])) for each in shape])


def _write_csv(con: duckdb.DuckDBPyConnection, query: _Query, file: Path) -> int:
    return _copy(con, query.flat, query.bound, file, "format csv, header, delimiter ',', nullstr ''")


def _write_parquet(con: duckdb.DuckDBPyConnection, query: _Query, file: Path) -> int:
    return _copy(con, query.sql, query.bound, file, "format parquet, compression zstd")


def _copy(con: duckdb.DuckDBPyConnection, sql: str, bound: dict[str, str], file: Path, options: str) -> int:
    """Let DuckDB write the file; return the rows."""
    told = con.execute(f"copy ({sql}\n) to {opening.text(str(file))} ({options})", bound).fetchall()
    return int(told[0][0])


def _write_excel(con: duckdb.DuckDBPyConnection, query: _Query, file: Path) -> int:
    """Text is written as text, so that Excel takes no number for a number that it may round or shorten."""
    rows = int(con.execute(f"select count(*) from ({query.sql}\n)", query.bound).fetchall()[0][0])
    if rows >= _EXCEL_ROWS:
        raise ExportRefused(f"{rows} rows, and a sheet of Excel holds {_EXCEL_ROWS - 1}. Export to .csv or .parquet.")
    options = {
        "constant_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(query.columns) - 1, 0), 16, book.add_format({"num_format": "@"}))
        for column, (title, _) in enumerate(query.columns):
            sheet.write_string(0, column, title)
        for at, row in enumerate(_rows(con.execute(query.flat, query.bound)), 1):
            _write_row(sheet, at, row)
    return rows


def _rows(told: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    """Rows one by one, fetched many at once."""
    while chunk := told.fetchmany(_CHUNK):
        yield from chunk


def _write_row(sheet: "xlsxwriter.worksheet.Worksheet", at: int, row: Iterable[object]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, bool):
            sheet.write_string(at, column, "true" if value else "false")
        elif isinstance(value, int | float | Decimal) and abs(float(value)) < _EXCEL_EXACT:
            sheet.write_number(at, column, value)
        elif value is not None:
            sheet.write_string(at, column, str(value))


_WRITERS = {".csv": _write_csv, ".parquet": _write_parquet, ".xlsx": _write_excel}
