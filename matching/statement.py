"""Runs the linkage's SQL files."""

from collections.abc import Mapping
from importlib import resources

import duckdb
import pyarrow as pa

Value = str | int | float | bool


def run(con: duckdb.DuckDBPyConnection, name: str, params: Mapping[str, Value] | None = None) -> None:
    """Run ``matching/sql/<name>.sql`` with bound parameters."""
    con.execute(_text(name), dict(params) if params else None)


def read(con: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    """The rows of ``matching/sql/<name>.sql``."""
    return con.sql(_text(name)).to_arrow_table()


def _text(name: str) -> str:
    return (resources.files("matching") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
