"""Which columns of which table take which part: the one place where tables become one shape.

Statements over all tables are written against the view ``delivered``, which has every column of :data:`SHARED` for
every landed row, NULL where the table doesn't have it.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from matching.normalize.source import SourceTable

SHARED = [
    "name",
    "former_name",
    "sex",
    "born_on",
    "ethnic_code",
    "document_kind",
    "citizen_no",
    "student_no",
    "disability_card_no",
    "birth_certificate_no",
    "insured_no",
    "health_record_no",
    "registration_no",
    "household_no",
    "school_stage",
    "guardian1_name",
    "guardian1_relation",
    "guardian1_citizen_no",
    "guardian1_phone",
    "guardian2_name",
    "guardian2_relation",
    "guardian2_citizen_no",
    "guardian2_phone",
    "father_name",
    "father_citizen_no",
    "mother_name",
    "mother_citizen_no",
    "head_name",
    "relation_to_head",
    "phone",
    "hukou_division_code",
    "hukou_address",
    "residence_division_code",
    "residence_address",
    "insured_division_code",
    "treatment_division_code",
    "emergency_division_code",
]

NAMES = ("name", "former_name", "guardian1_name", "guardian2_name", "father_name", "mother_name", "head_name")
NUMBERS = ("citizen_no", "guardian1_citizen_no", "guardian2_citizen_no", "father_citizen_no", "mother_citizen_no")
PHONES = ("guardian1_phone", "guardian2_phone", "phone")
RELATIONS = ("guardian1_relation", "guardian2_relation")
ADDRESSES = ("hukou_address", "residence_address")
DIVISIONS = (
    "hukou_division_code",
    "residence_division_code",
    "insured_division_code",
    "treatment_division_code",
    "emergency_division_code",
)


def quoted(identifier: str) -> str:
    """An identifier as SQL takes it. Identifiers come from feed specs, never from data."""
    return '"' + identifier.replace('"', '""') + '"'


def delivered_view(tables: Sequence[SourceTable]) -> str:
    """The statement of the view ``delivered``: one row a landed row of any table."""
    selects = []
    for table in tables:
        columns = [quoted(name) if table.has(name) else f"null::varchar as {quoted(name)}" for name in SHARED]
        origin = f"'{table.feed}' as feed, '{table.table}' as table_name, entry_id, file, row_no, key"
        selects.append(f"select {origin}, {', '.join(columns)} from raw.{quoted(table.name)}")
    return "create or replace temp view delivered as\n" + "\nunion all\n".join(selects)


def distinct_values(con: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> list[str]:
    """Distinct delivered texts of the given columns of all tables, sorted, so that ids don't depend on row order."""
    union = " union ".join(f"select {quoted(column)} as value from delivered" for column in columns)
    rows = con.sql(f"select distinct value from ({union}) where value is not null order by value").to_arrow_table()
    values: list[str] = rows["value"].to_pylist()
    return values
