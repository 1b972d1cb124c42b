"""A landed period in miniature: raw tables made of a few rows, everything filled in that a case isn't about."""

from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from matching.normalize import SourceColumn, SourceTable, StdSummary, numbers, write_std

AS_OF = date(2026, 6, 30)
_SEX = {"男": "male", "女": "female", "1": "male", "2": "female"}
_TYPES = {
    "name": "name", "former_name": "name", "guardian1_name": "name", "mother_name": "name", "father_name": "name",
    "sex": "word", "boarding": "word", "guardian1_relation": "word",
    "born_on": "date", "registered_on": "date", "enrolled_in": "month",
    "citizen_no": "citizen_no", "guardian1_citizen_no": "citizen_no", "mother_citizen_no": "citizen_no",
    "hukou_division_code": "division", "residence_division_code": "division", "residence_address": "address",
    "guardian1_phone": "phone", "phone": "phone", "student_no": "key_number", "disability_card_no": "key_number",
    "registration_no": "key_number", "is_migrant_declared": "yes_no", "own_cost": "money",
    "ethnic_code": "text", "document_kind": "document_kind",
    "grade": "text", "birth_certificate_no": "key_number",
}  # fmt: skip
_WORDS = {
    "sex": _SEX,
    "boarding": {"走读": "day", "住校": "boarder"},
    "guardian1_relation": {"父亲": "father", "母亲": "mother", "爷爷": "grandparent"},
    "is_migrant_declared": {"是": "yes", "否": "no"},
}
_OPEN = {"grade": "none", "sex": "none"}
ENROLMENT = ("education", "enrolment")
RESIDENCE = ("public_security", "residence")
CHILD_HEALTH = ("health", "child_health")
REHABILITATION = ("disabled_federation", "rehabilitation")


def sound_number(first_17: str) -> str:
    """The 18 characters that belong to 17 digits."""
    return first_17 + numbers.check_character(first_17)


def normalized(**rows: list[dict[str, Any]]) -> duckdb.DuckDBPyConnection:
    """Land ``feed__table=[row, …]`` and normalise it; entry ids count from 1 in the order given."""
    con, _ = normalized_with_summary(**rows)
    return con


def normalized_with_summary(**rows: list[dict[str, Any]]) -> tuple[duckdb.DuckDBPyConnection, StdSummary]:
    """As :func:`normalized`, with what was counted."""
    con = duckdb.connect()
    con.execute("create schema raw")
    tables, entry_id = [], 0
    for name, entries in rows.items():
        feed, table = name.split("__")
        columns = list(_TYPES)
        tables.append(SourceTable(feed, table, tuple(_column(column) for column in columns)))
        data: dict[str, list[Any]] = {column: [row.get(column) for row in entries] for column in columns}
        ids = list(range(entry_id + 1, entry_id + len(entries) + 1))
        entry_id += len(entries)
        landed = pa.table(
            {
                "entry_id": pa.array(ids, pa.int64()),
                "file": pa.array(["f.csv"] * len(ids), pa.string()),
                "row_no": pa.array(range(2, len(ids) + 2), pa.int32()),
                "key": pa.array([f"k{number}" for number in ids], pa.string()),
                **{column: pa.array(values, pa.string()) for column, values in data.items()},
            }
        )
        con.register("arriving", landed)
        con.execute(f"create table raw.{feed}_{table} as select * from arriving")
        con.unregister("arriving")
    return con, write_std(con, tables, AS_OF)


def _column(name: str) -> SourceColumn:
    return SourceColumn(name, _TYPES[name], _WORDS.get(name, {}), _OPEN.get(name, "identifier"))


def entry(con: duckdb.DuckDBPyConnection, entry_id: int = 1) -> dict[str, Any]:
    """One row of ``std.entry``."""
    found = con.sql(f"select * from std.entry where entry_id = {entry_id}").to_arrow_table().to_pylist()
    assert len(found) == 1
    row: dict[str, Any] = found[0]
    return row


def faults(con: duckdb.DuckDBPyConnection, entry_id: int = 1) -> set[tuple[str, str]]:
    """Column and fault of each fault of an entry."""
    return set(con.execute("select column_name, fault from std.fault where entry_id = ?", [entry_id]).fetchall())
