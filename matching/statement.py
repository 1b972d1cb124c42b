"""Runs the linkage's SQL files."""

from collections.abc import Mapping
from importlib import resources

import duckdb

Value = str | int | float | bool


def run(con: duckdb.DuckDBPyConnection, name: str, params: Mapping[str, Value] | None = None) -> None:
    """Run ``matching/sql/<name>.sql`` with bound parameters."""
    text = (resources.files("matching") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    con.execute(text, dict(params) if params else None)
