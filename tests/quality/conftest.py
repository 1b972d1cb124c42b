"""A building file of an invented county: raw and typed tables made from the feed specs, with faults where asked."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from connectors import specs
from connectors.specs import ColumnSpec, FeedSpec
from quality.expectations import quoted

Make = Callable[..., None]

# SQL for the i-th delivered cell of a column of each type; all of it is sound
_CELLS = {
    "name": "'张' || chr(19968 + (i % 5000)::int) || chr(19968 + (i // 5000)::int)",
    "citizen_no": "'11010519491231' || lpad((i % 1000)::varchar, 3, '0') || 'X'",
    "key_number": "'K' || lpad(i::varchar, 12, '0')",
    "document_kind": "'居民身份证'",
    "date": "strftime(date '2012-01-01' + (i % 4000)::int, '%Y%m%d')",
    "month": "strftime(date '2020-01-01' + (i % 2000)::int, '%Y%m')",
    "division": "'42900' || (i % 6)",
    "phone": "'13' || lpad((i % 1000000000)::varchar, 9, '0')",
    "address": "'人民路' || (i % 900) || '号'",
    "money": "((i % 90000) / 100)::decimal(12, 2)::varchar",
    "integer": "(i % 100)::varchar",
    "text": "'文' || (i % 40)",
}
_TYPED = {
    "date": "date '2012-01-01' + (i % 4000)::int",
    "month": "date_trunc('month', date '2020-01-01' + (i % 2000)::int)::date",
    "yes_no": "i % 2 = 0",
    "money": "((i % 90000) / 100)::decimal(14, 2)",
    "integer": "(i % 100)::integer",
}


def _cell(column: ColumnSpec) -> str:
    if column.words:
        words = sorted(column.words)
        return f"([{', '.join(_text(word) for word in words)}])[1 + i % {len(words)}]"
    return _CELLS[column.type]


def _typed(column: ColumnSpec) -> str | None:
    if column.type == "word":
        words = sorted(set(column.words.values()))
        return f"([{', '.join(_text(word) for word in words)}])[1 + i % {len(words)}]"
    return _TYPED.get(column.type)


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


@pytest.fixture
def make_raw(building: duckdb.DuckDBPyConnection) -> Make:
    """Write ``raw.<feed>_<table>``; ``cells`` replaces columns by other SQL over ``i``, the number of the row."""

    def make(spec: FeedSpec, rows: int, **cells: str) -> None:
        filled = [f"{cells.get(name, _cell(column))} as {quoted(name)}" for name, column in spec.columns.items()]
        file = cells.get("file", "'f.csv'")
        building.execute(
            f"create or replace table raw.{spec.raw_table} as select {spec.ordinal} * 10000000000 + i as entry_id, "
            f"{file} as file, (i + 2)::integer as row_no, 'k' || i as key, {', '.join(filled)}, "
            f"null::varchar as extra from range({rows}) as numbers(i)"
        )

    return make


@pytest.fixture
def make_typed(building: duckdb.DuckDBPyConnection) -> Make:
    """Write ``std.<feed>_<table>`` as matching.normalize does; ``cells`` as for raw tables."""

    def make(spec: FeedSpec, rows: int, **cells: str) -> None:
        typed = {name: cells.get(name, _typed(column)) for name, column in spec.columns.items()}
        filled = [f"{sql} as {quoted(name)}" for name, sql in typed.items() if sql]
        building.execute(
            f"create or replace table std.{spec.raw_table} as select {spec.ordinal} * 10000000000 + i as entry_id, "
            f"{', '.join(filled)} from range({rows}) as numbers(i)"
        )

    return make


@pytest.fixture
def building(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An attached period's file as the default catalog, with its rooms; the way the warehouse opens it."""
    con = duckdb.connect(":memory:", config={"threads": "2"})
    con.execute(f"attach '{tmp_path / '2026H1.duckdb'}' as building")
    con.execute("use building")
    for room in ("raw", "std", "link", "core", "care", "mart", "prior"):
        con.execute(f"create schema {room}")
    con.execute("create table raw.file (feed varchar, table_name varchar, file varchar, rows bigint)")
    con.execute(
        "create table raw.drift (feed varchar, table_name varchar, file varchar, column_name varchar, kind varchar)"
    )
    con.execute("create table std.fault (entry_id bigint, column_name varchar, fault varchar)")
    yield con
    con.close()


@pytest.fixture(scope="session")
def feeds() -> dict[tuple[str, str], FeedSpec]:
    """The feed specs."""
    return specs.load()
