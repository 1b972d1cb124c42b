"""What statements say of entries, column by column in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy.typing as npt
import pyarrow as pa

from matching import statement

Columns = dict[str, pa.ChunkedArray]


def read(con: duckdb.DuckDBPyConnection, query: str, params: Mapping[str, statement.Value] | None = None) -> Columns:
    """The columns that a statement gives."""
    rows = con.execute(query, dict(params) if params else None).to_arrow_table()
    return dict(zip(rows.column_names, rows.columns, strict=True))


def numbers(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """A column in numpy; no name is name -1."""
    if column.null_count:
        column = column.fill_null(-1)
    found: npt.NDArray[Any] = column.to_numpy()
    return found
