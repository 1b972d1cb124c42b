"""Holds a table as it was built against its spec."""

import re
from dataclasses import dataclass

import duckdb

from warehouse.specs import TableSpec

_ALIASES = {
    "INT": "INTEGER",
    "INT4": "INTEGER",
    "INT8": "BIGINT",
    "LONG": "BIGINT",
    "TEXT": "VARCHAR",
    "STRING": "VARCHAR",
    "BOOL": "BOOLEAN",
    "FLOAT8": "DOUBLE",
    "DATETIME": "TIMESTAMP",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a table isn't what its spec says. ``column`` is null for the table as a whole."""

    table: str
    column: str | None
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"{self.table}.{self.column}" if self.column else self.table
        room, name = self.table.split(".")
        return (
            f"{where}: the spec says {self.expected}, the table has {self.found}. "
            f"Change warehouse/tables/{room}/{name}.yml or what writes the table."
        )


def check_table(con: duckdb.DuckDBPyConnection, spec: TableSpec) -> list[Difference]:
    """Compare columns, their order and their types; nothing where they are equal. Rows aren't read."""
    found = dict(
        con.execute(
            "select column_name, data_type from duckdb_columns() "
            "where database_name = current_database() and schema_name = ? and table_name = ? order by column_index",
            [spec.room, spec.table],
        ).fetchall()
    )
    if not found:
        return [Difference(spec.name, None, "a table", "none")]
    differences = [
        Difference(spec.name, name, column.type, found.get(name, "no such column"))
        for name, column in spec.columns.items()
        if name not in found or plain_type(column.type) != plain_type(found[name])
    ]
    differences += [
        Difference(spec.name, name, "no such column", kind) for name, kind in found.items() if name not in spec.columns
    ]
    if not differences and list(found) != list(spec.columns):
        differences.append(Difference(spec.name, None, f"columns in the order {list(spec.columns)}", str(list(found))))
    return differences


def plain_type(written: str) -> str:
    """A DuckDB type in the one spelling that ``describe`` uses: case, blanks and aliases don't count."""
    upper = re.sub(r"\s*([(),\[\]])\s*", r"\1", " ".join(written.upper().split()))
    return re.sub(r"[A-Z][A-Z0-9]*", lambda word: _ALIASES.get(word[0], word[0]), upper)
