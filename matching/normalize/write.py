"""The steps that make ``std``, in the order in which they read one another's tables.

Every step works on distinct delivered values (a name, a number, a date is judged once however often it occurs) and
joins the answers back in DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching import statement
from matching.normalize import addresses, keys, names, numbers, owners, phones, typed
from matching.normalize.columns import (
    ADDRESSES,
    DIVISIONS,
    NAMES,
    NUMBERS,
    PHONES,
    RELATIONS,
    delivered_view,
    distinct_values,
    quoted,
)
from matching.normalize.source import SourceTable
from policy import code_tables, divisions

_sql = partial(statement.text, package="matching.normalize")

Resolve = Callable[[Sequence[str]], Sequence[divisions.Place]]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StdSummary:
    """What the room ``std`` holds after a run: rows by table, faults by kind."""

    entries: int
    adults: int
    names: int
    guardians: int
    places: int
    faults: dict[str, int]
    typed: dict[str, int]


def write_std(
    con: duckdb.DuckDBPyConnection,
    tables: Sequence[SourceTable],
    as_of: date,
    resolve: Resolve | None = None,
    progress: Progress | None = None,
) -> StdSummary:
    """Write all of ``std`` from ``raw``. ``progress`` is told the name of each table before it is made."""
    tell = progress or (lambda _: None)
    with _in_any_order(con):
        prepare(con, tables)
        tell("std.name")
        named = write_names(con)
        tell("std.<feed>_<table>")
        rows = write_typed(con, tables, as_of)
        tell("std.place")
        placed = write_places(con, as_of, resolve)
        tell("std.entry")
        entries, adults = write_entries(con, tables, as_of)
        tell("std.guardian")
        guardians = write_guardians(con, tables, as_of)
        tell("std.fault")
        faults = write_faults(con, tables, as_of)
        _drop_values(con)
    return StdSummary(entries, adults, named, guardians, placed, faults, rows)


def prepare(con: duckdb.DuckDBPyConnection, tables: Sequence[SourceTable]) -> None:
    """Make the schema and the view ``delivered`` that the other steps read; each connection needs it once."""
    con.execute("create schema if not exists std")
    con.execute(delivered_view(tables))


def write_names(con: duckdb.DuckDBPyConnection) -> int:
    """Write ``std.name``: one row a distinct delivered name of anybody, numbered in the order of the texts."""
    texts = distinct_values(con, NAMES)
    described = names.describe(texts)
    ids = pa.array(np.arange(1, len(texts) + 1, dtype=np.int32))
    statement.keep(con, "table std.name", described.add_column(0, "name_id", ids))
    return len(texts)


def write_typed(con: duckdb.DuckDBPyConnection, tables: Sequence[SourceTable], as_of: date) -> dict[str, int]:
    """Write the decoded tables ``std.<feed>_<table>``; return their rows."""
    typed.write_value_dates(con, tables, as_of)
    typed.write_value_words(con, tables)
    return {table.name: typed.write_typed(con, table) for table in tables}


def write_places(con: duckdb.DuckDBPyConnection, as_of: date, resolve: Resolve | None = None) -> int:
    """Write ``std.township`` and ``std.place``; keep ``value_place`` and ``value_address`` for the entries."""
    texts = distinct_values(con, DIVISIONS)
    known = resolve or (lambda names: divisions.load().resolve_many(names, as_of))
    statement.keep(con, "temp table value_place", _place_table(texts, known(texts)))
    unplaced = [str(row[0]) for row in con.execute(_sql("unplaced_address")).fetchall()]
    in_front = known([addresses.division_in_front(text) for text in unplaced])
    statement.keep(con, "temp table value_address_place", _place_table(unplaced, in_front))
    _write_value_addresses(con)
    con.execute(f"create or replace table std.township as {_sql('township')}")
    con.execute(f"create or replace table std.place as {_sql('place')}")
    return _count(con, "std.place")


def write_entries(con: duckdb.DuckDBPyConnection, tables: Sequence[SourceTable], as_of: date) -> tuple[int, int]:
    """Write ``std.entry``; return entries and how many of them are adults'. Needs names, typed tables and places."""
    _write_value_keys(con)
    _write_value_numbers(con, as_of)
    _write_value_ethnic_groups(con)
    con.execute(_typed_entry_view(tables))
    con.execute(f"create or replace table std.entry as {_sql('entry')}", {"as_of": as_of})
    owners.settle(con, as_of)
    adults = con.execute("select count(*) filter (is_adult) from std.entry").fetchone()
    return _count(con, "std.entry"), int((adults or (0,))[0])


def write_guardians(con: duckdb.DuckDBPyConnection, tables: Sequence[SourceTable], as_of: date) -> int:
    """Write ``std.guardian``. Needs entries and names."""
    phone_texts = distinct_values(con, PHONES)
    judged = [phones.judge(text) for text in phone_texts]
    statement.keep(
        con,
        "temp table value_phone",
        pa.table(
            {
                "delivered": pa.array(phone_texts, pa.string()),
                "phone": pa.array([phone for phone, _ in judged], pa.string()),
                "fault": pa.array([fault for _, fault in judged], pa.string()),
            }
        ),
    )
    _write_value_relations(con, tables)
    con.execute(f"create or replace table std.guardian as {_sql('guardian')}", {"as_of": as_of})
    return _count(con, "std.guardian")


def write_faults(con: duckdb.DuckDBPyConnection, tables: Sequence[SourceTable], as_of: date) -> dict[str, int]:
    """Write ``std.fault``, never a value in it; return faults by kind. Needs all the other tables."""
    columns = (
        *((name, "std.name", "fault") for name in NAMES),
        *((name, "value_number", "fault") for name in NUMBERS if name != "citizen_no"),
        *((name, "value_phone", "fault") for name in PHONES),
        *((name, "value_place", "fault") for name in DIVISIONS),
    )
    selects = [
        f"select d.entry_id, '{column}' as column_name, v.{fault} from delivered as d"
        f" join {values} as v on v.delivered = d.{quoted(column)} where v.{fault} is not null and v.{fault} <> 'blank'"
        for column, values, fault in columns
    ]
    selects.append(_sql("fault"))
    selects += [select for table in tables for select in typed.typed_faults(table)]
    con.execute(f"create or replace table std.fault as {' union all '.join(selects)}", {"as_of": as_of})
    counted = con.execute("select fault, count(*) from std.fault group by fault order by fault").fetchall()
    return {fault: int(count) for fault, count in counted}


def _write_value_numbers(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Judge every distinct citizen number, and the numbers inside student and disability card numbers."""
    union = " union ".join(f"select {quoted(column)} as value from delivered" for column in NUMBERS)
    texts = con.sql(f"select distinct value from ({union}) where value is not null").to_arrow_table()
    statement.keep(con, "temp table value_number", numbers.judge_all(pc.unique(texts["value"]), as_of))
    inside = con.sql(_sql("embedded")).to_arrow_table()
    judged = numbers.judge_all(pc.unique(inside["inside"]), as_of)
    statement.keep(con, "temp table value_inside", judged)
    statement.keep(con, "temp table value_carrier", inside)
    con.execute(
        "create or replace temp table value_embedded as"
        " select c.delivered, v.number, v.born_on"
        " from value_carrier as c join value_inside as v on v.delivered = c.inside"
        " where v.state in ('sound', 'suspect')"
    )
    con.execute(_sql("settle_suspects"))


def _write_value_relations(con: duckdb.DuckDBPyConnection, tables: Sequence[SourceTable]) -> None:
    """Say of each delivered word who the guardian is: by the feed's own words, else by the standard's; else other."""
    columns = [column for table in tables for column in table.columns if column.name in RELATIONS]
    standard = {key: code.word for code in code_tables.guardian_relations() for key in (code.code, code.name)}
    known = standard | {word: ours for column in columns for word, ours in column.words.items()}
    words = distinct_values(con, RELATIONS)
    relations = pa.array([known.get(typed.fold_word(word), "other") for word in words], pa.string())
    statement.keep(
        con, "temp table value_relation", pa.table({"delivered": pa.array(words, pa.string()), "relation": relations})
    )


def _write_value_ethnic_groups(con: duckdb.DuckDBPyConnection) -> None:
    words = distinct_values(con, ("ethnic_code",))
    codes = pa.array([code_tables.ethnic_code(word) for word in words], pa.string())
    statement.keep(con, "temp table value_ethnic", pa.table({"delivered": pa.array(words, pa.string()), "code": codes}))


def _write_value_addresses(con: duckdb.DuckDBPyConnection) -> None:
    texts = distinct_values(con, ADDRESSES)
    columns = dict(zip(("address_key", "township_name"), addresses.described(texts), strict=True))
    told = {"delivered": texts, **columns}
    statement.keep(
        con,
        "temp table value_address",
        pa.table({name: pa.array(values, pa.string()) for name, values in told.items()}),
    )


def _write_value_keys(con: duckdb.DuckDBPyConnection) -> None:
    """Fold the departments' own numbers, where they aren't plain already."""
    union = " union ".join(f"select {quoted(column)} as value from delivered" for column in keys.COLUMNS)
    odd = f"select distinct value from ({union}) where not regexp_full_match(value, '[0-9A-Z]+') order by value"
    texts: list[str] = con.sql(odd).to_arrow_table()["value"].to_pylist()
    folded = pa.array([keys.fold(text) for text in texts], pa.string())
    statement.keep(con, "temp table value_key", pa.table({"delivered": pa.array(texts, pa.string()), "folded": folded}))


def _typed_entry_view(tables: Sequence[SourceTable]) -> str:
    """The decoded sex of every entry whose table tells it."""
    selects = [
        f"select entry_id, sex from std.{quoted(table.name)}"
        for table in tables
        if any(column.name == "sex" and column.type == "word" for column in table.columns)
    ]
    empty = "select null::bigint as entry_id, null::varchar as sex where false"
    return f"create or replace temp view typed_entry as {' union all '.join([*selects, empty])}"


def _place_table(texts: Sequence[str], places: Sequence[divisions.Place]) -> pa.Table:
    codes = [list(place.codes) or None for place in places]
    return pa.table(
        {
            "delivered": pa.array(list(texts), pa.string()),
            "codes": pa.array(codes, pa.list_(pa.string())),
            "county": pa.array([place.codes[0] if len(place.codes) == 1 else None for place in places], pa.string()),
            "level": pa.array([place.level.value for place in places], pa.string()),
            "prefecture": pa.array([place.prefecture for place in places], pa.string()),
            "province": pa.array([place.province for place in places], pa.string()),
            "township": pa.array([place.township for place in places], pa.string()),
            "village": pa.array([place.village for place in places], pa.string()),
            "fault": pa.array([place.fault.value if place.fault else None for place in places], pa.string()),
        }
    )


@contextmanager
def _in_any_order(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let DuckDB write tables with all its threads: joins of many tables in the order of their rows take only one.

    Nothing here hangs on the order of rows: names are numbered by their texts, all else has its ``entry_id``.
    """
    before = con.execute("select current_setting('preserve_insertion_order')").fetchone()
    con.execute("set preserve_insertion_order = false")
    try:
        yield
    finally:
        con.execute(f"set preserve_insertion_order = {bool(before and before[0])}")


def _drop_values(con: duckdb.DuckDBPyConnection) -> None:
    """Free the temporary tables of values; a later step makes its own again."""
    held = con.execute(
        "select table_name from duckdb_tables() where temporary and starts_with(table_name, 'value_')"
    ).fetchall()
    for (name,) in held:
        con.execute(f"drop table temp.{quoted(name)}")


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int((con.execute(f"select count(*) from {table}").fetchone() or (0,))[0])
