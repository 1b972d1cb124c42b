"""Runs the linkage's SQL files, and carries rows between tables and Arrow."""

import ctypes
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from importlib import resources
from itertools import chain
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb
import pyarrow as pa

Rest = ParamSpec("Rest")
Result = TypeVar("Result")
Value = str | int | float | bool
Columns = dict[str, Any]
_ROW_GROUP = 122_880
_DUCKDB_AT_LEAST = 1.0  # GiB
_GIBIBYTES = {"bytes": 2.0**-30, "KiB": 2.0**-20, "MiB": 2.0**-10, "GiB": 1.0, "TiB": 2.0**10}


def run(con: duckdb.DuckDBPyConnection, name: str, params: Mapping[str, Value] | None = None) -> None:
    """Run ``matching/sql/<name>.sql`` with bound parameters."""
    con.execute(text(name), dict(params) if params else None)


def read(con: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    """The rows of ``matching/sql/<name>.sql``."""
    return con.sql(text(name)).to_arrow_table()


def keep(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table, order: str | None = None) -> None:
    """Make a table (``table link.x``, ``temp table x``) of Arrow rows, in their order or in that of a column.

    In batches of what DuckDB stores as one, so that all threads write and none copies the whole.
    """
    batches = rows.to_batches(max_chunksize=_ROW_GROUP)
    con.register("arrow_rows", pa.Table.from_batches(batches, rows.schema))
    ordered = f" order by {order}" if order else ""
    con.execute(f"create or replace {table} as select * from arrow_rows{ordered}")
    con.unregister("arrow_rows")


def keep_parts(con: duckdb.DuckDBPyConnection, table: str, size: int, rows: Callable[[slice], Columns]) -> None:
    """Make a table of so many rows, of which ``rows`` gives the columns of a part; only parts are held as rows."""
    con.register("arrow_rows", _parts(size, rows))
    con.execute(f"create or replace {table} as select * from arrow_rows")
    con.unregister("arrow_rows")


def add_parts(con: duckdb.DuckDBPyConnection, table: str, size: int, rows: Callable[[slice], Columns]) -> None:
    """Add so many rows, given in the same way, to a table that is there."""
    con.register("arrow_rows", _parts(size, rows))
    con.execute(f"insert into {table} from arrow_rows")
    con.unregister("arrow_rows")


def _parts(size: int, rows: Callable[[slice], Columns]) -> pa.RecordBatchReader:
    """Rows made when they are asked for, at least one part, which may be empty."""

    def batch(at: int) -> pa.RecordBatch:
        return pa.RecordBatch.from_pydict(rows(slice(at, at + _ROW_GROUP)))

    batches = (batch(at) for at in range(0, max(size, 1), _ROW_GROUP))
    first = next(batches)
    return pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))


def add(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Add Arrow rows to a table that is there, by the order of the columns."""
    con.register("arrow_rows", pa.Table.from_batches(rows.to_batches(max_chunksize=_ROW_GROUP), rows.schema))
    con.execute(f"insert into {table} from arrow_rows")
    con.unregister("arrow_rows")


def has_table(con: duckdb.DuckDBPyConnection, schema: str, table: str, catalog: str | None = None) -> bool:
    """Whether a schema of a catalog, the current one if none is named, has this table."""
    of = f'"{catalog}".' if catalog else ""
    try:
        con.execute(f'from {of}"{schema}"."{table}" limit 0')  # duckdb_tables() tells all of all tables, and takes long
    except duckdb.CatalogException:
        return False
    return True


def give_back() -> None:
    """Give memory that arrays no longer hold back to the system; glibc would keep it, half a gigabyte of a county's."""
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)


@contextmanager
def _beside_arrays(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Leave DuckDB a quarter of its memory, a gibibyte at least: what arrays take lies beside it.

    Not where the database is nowhere but in memory.
    """
    file = con.execute("select path from duckdb_databases() where database_name = current_database()").fetchall()
    told = con.execute("select current_setting('memory_limit')").fetchall()[0][0]
    before = _gibibytes(told)
    if file == [(None,)] or before <= _DUCKDB_AT_LEAST:
        yield
        return
    con.execute("set memory_limit = ?", [f"{max(before / 4, _DUCKDB_AT_LEAST)} GiB"])
    try:
        yield
    finally:
        con.execute("set memory_limit = ?", [f"{before} GiB"])


def with_arrays(
    step: Callable[Concatenate[duckdb.DuckDBPyConnection, Rest], Result],
) -> Callable[Concatenate[duckdb.DuckDBPyConnection, Rest], Result]:
    """A step that holds arrays: it leaves DuckDB a part of its memory."""

    @wraps(step)
    def run_beside(con: duckdb.DuckDBPyConnection, /, *args: Rest.args, **named: Rest.kwargs) -> Result:
        with _beside_arrays(con):
            return step(con, *args, **named)

    return run_beside


def _gibibytes(told: str) -> float:
    """A limit as DuckDB tells it, which is cut to one digit behind the point."""
    number, unit = told.split()
    digit = 0.05 if "." in number else 0.0  # the middle of what it may have been, which is told the same again
    return (float(number) + digit) * _GIBIBYTES[unit]


def text(name: str, package: str = "matching") -> str:
    """The SQL of a file in a package's folder ``sql``."""
    return (resources.files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
