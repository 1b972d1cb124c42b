"""The staging table: rows wait there, under our column names, until a delivery is read to its end.

Chunks are gathered first, over several files where their columns agree: DuckDB takes many rows at once far better.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from connectors.chunks import Chunk
from connectors.headers import Columns
from connectors.specs import FeedSpec

TABLE = "temp.landing"
_ROWS = 120_000  # put into the table together, or fewer where they are long
_BYTES = 1 << 26


def quoted(name: str) -> str:
    """A column's or table's name for SQL; names come from specs."""
    return '"' + name.replace('"', '""') + '"'


class Staging:
    """An empty staging table, ``temp.landing``: the landed table without ids. ``flush`` after the last chunk."""

    def __init__(self, con: duckdb.DuckDBPyConnection, spec: FeedSpec) -> None:
        self._con, self._spec = con, spec
        self._columns: Columns | None = None
        self._gathered: list[pa.Table] = []
        cells = ", ".join(f"{quoted(name)} varchar" for name in spec.columns)
        con.execute(f"create or replace temp table landing (file varchar, row_no integer, {cells}, extra varchar)")

    def add(self, file: str, columns: Columns, chunk: Chunk) -> int:
        """Take a chunk's rows but for the blank ones; say how many."""
        if columns != self._columns:
            self.flush()
            self._columns = columns
        given = _without_blank_rows(chunk.row_no, chunk.cells)
        self._gathered.append(given.add_column(0, "file", pa.repeat(file, given.num_rows)))
        if self._is_plenty():
            self.flush()
        return int(given.num_rows)

    def _is_plenty(self) -> bool:
        rows = sum(table.num_rows for table in self._gathered)
        return bool(rows >= _ROWS or sum(table.nbytes for table in self._gathered) >= _BYTES)

    def flush(self) -> None:
        """Put what was gathered into the staging table."""
        if not self._gathered or self._columns is None:
            return
        at, unknown = self._columns.at, self._columns.unknown
        cells = [f"c{at[name]}" if name in at else "null" for name in self._spec.columns]
        names = sorted(unknown)
        self._con.register("landing_chunk", pa.concat_tables(self._gathered))
        self._con.execute(
            f"insert into {TABLE} select file, row_no, {', '.join(cells)}, {_extra(self._columns, names)} "
            "from landing_chunk",
            names,
        )
        self._con.unregister("landing_chunk")
        self._gathered = []


def _without_blank_rows(row_no: pa.Array, cells: Sequence[pa.Array]) -> pa.Table:
    given = pa.table([row_no, *cells], names=["row_no", *(f"c{i}" for i in range(len(cells)))])
    if not cells or any(cell.null_count == 0 for cell in cells):
        return given
    return given.filter(reduce(pc.or_, (cell.is_valid() for cell in cells)))


def _extra(columns: Columns, names: Sequence[str]) -> str:
    """SQL for the unknown columns that hold something, as JSON, or null. The names are bound, in order."""
    if not names:
        return "null"
    pairs = ", ".join(f"?::varchar, c{columns.unknown[name]}" for name in names)
    return f"nullif(json_merge_patch('{{}}', json_object({pairs}))::varchar, '{{}}')"
