"""A table is what its spec says, or the difference is told."""

import duckdb
import pytest

from warehouse import specs
from warehouse.conformity import check_table, plain_type

SPEC = specs.read(
    """
room: core
table: child
title: 儿童
grain: one row a child
columns:
  child_id: {type: varchar}
  cost: {type: "decimal(14, 2)"}
  seen: {type: "date[]"}
""",
    "child.yml",
)


def made(columns: str) -> list[str]:
    con = duckdb.connect()
    con.execute("create schema core")
    con.execute(f"create table core.child ({columns})")
    return [f"{difference.column}: {difference.expected} / {difference.found}" for difference in check_table(con, SPEC)]


@pytest.mark.parametrize(
    ("columns", "differences"),
    [
        ("child_id varchar, cost decimal(14,2), seen date[]", []),
        ("child_id varchar, cost double, seen date[]", ["cost: decimal(14, 2) / DOUBLE"]),
        ("child_id varchar, cost decimal(14,2)", ["seen: date[] / no such column"]),
        ("child_id varchar, cost decimal(14,2), seen date[], x int", ["x: no such column / INTEGER"]),
        (
            "cost decimal(14,2), child_id varchar, seen date[]",
            ["None: columns in the order ['child_id', 'cost', 'seen'] / ['cost', 'child_id', 'seen']"],
        ),
    ],
)
def test_differences_are_told(columns, differences):
    assert made(columns) == differences


def test_a_missing_table_is_one_difference():
    con = duckdb.connect()
    assert [difference.found for difference in check_table(con, SPEC)] == ["none"]


def test_the_difference_says_what_to_change():
    con = duckdb.connect()
    assert "warehouse/tables/core/child.yml" in str(check_table(con, SPEC)[0])


@pytest.mark.parametrize(
    ("written", "plain"),
    [("decimal(14, 2)", "DECIMAL(14,2)"), ("int", "INTEGER"), ("text[]", "VARCHAR[]"), ("Timestamp", "TIMESTAMP")],
)
def test_spellings_of_a_type_are_one(written, plain):
    assert plain_type(written) == plain


def test_every_type_in_the_specs_is_one_that_duckdb_has():
    con = duckdb.connect()
    for spec in specs.load().values():
        for name, column in spec.columns.items():
            found = con.execute(f"select typeof(cast(null as {column.type}))").fetchall()[0][0]
            assert plain_type(column.type) == plain_type(found), f"{spec.name}.{name}"
