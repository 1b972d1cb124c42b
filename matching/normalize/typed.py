"""Decoded tables, ``std.<feed>_<table>``: dates, words, yes and no, money, integers, texts that aren't identifiers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from matching.normalize import dates
from matching.normalize.columns import quoted
from matching.normalize.source import SourceColumn, SourceTable

_BLANK = frozenset({"", "-", "--", "/", "无", "NULL", "NONE", "NAN", "N/A", r"\N"})
_YES = frozenset({"是", "Y", "YES", "1", "TRUE", "T", "有", "√", "完成", "已完成"})
_NO = frozenset({"否", "N", "NO", "0", "FALSE", "F", "无", "×", "X", "未完成"})
_AS_BOOLEAN = {"yes": "true", "no": "false"}
_DECODED = ("word", "yes_no")
_PLAIN = ("none", "special")


def write_value_dates(con: duckdb.DuckDBPyConnection, tables: Sequence[SourceTable], as_of: date) -> None:
    """Parse every distinct delivered date into the temporary table ``value_date``. One row a text."""
    selects = [
        f"select {quoted(column.name)} as value from raw.{quoted(table.name)}"
        for table in tables
        for column in table.of_type("date", "month")
    ]
    texts = _distinct(con, selects)
    parsed = [dates.parse(text, as_of) for text in texts]
    found = pa.table(
        {
            "delivered": pa.array(texts, pa.string()),
            "on_day": pa.array([item.on for item in parsed], pa.date32()),
            "precision": pa.array([item.precision and item.precision.value for item in parsed], pa.string()),
            "alternatives": pa.array([list(item.alternatives) for item in parsed], pa.list_(pa.date32())),
            "fault": pa.array([item.fault for item in parsed], pa.string()),
        }
    )
    _store(con, "value_date", found)


def write_value_words(con: duckdb.DuckDBPyConnection, tables: Sequence[SourceTable]) -> None:
    """Decode every distinct code word into ``value_word``. One row a table, column and text."""
    rows: list[tuple[str, str, str, str | None, str | None]] = []
    for table in tables:
        for column in table.of_type(*_DECODED):
            select = f"select {quoted(column.name)} as value from raw.{quoted(table.name)}"
            rows += [(table.name, column.name, text, *decode(text, column)) for text in _distinct(con, [select])]
    names = ("table_name", "column_name", "delivered", "decoded", "fault")
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    _store(
        con,
        "value_word",
        pa.table({name: pa.array(list(values), pa.string()) for name, values in zip(names, columns, strict=True)}),
    )


def decode(text: str, column: SourceColumn) -> tuple[str | None, str | None]:
    """Return the decoded word and the fault of one delivered code word."""
    folded = fold_word(text)
    known = {unicodedata.normalize("NFKC", word): ours for word, ours in column.words.items()}
    if folded in known:
        return _AS_BOOLEAN.get(known[folded], known[folded]) if column.type == "yes_no" else known[folded], None
    if folded in known.values():
        return folded, None
    if column.type == "yes_no" and folded.upper() in _YES | _NO:
        return ("true" if folded.upper() in _YES else "false"), None
    if folded.upper() in _BLANK:
        return None, None
    return None, "unknown_word"


def fold_word(text: str) -> str:
    """Half-width, without spaces around, Excel's .0 undone."""
    return unicodedata.normalize("NFKC", text).strip().removesuffix(".0")


def write_typed(con: duckdb.DuckDBPyConnection, table: SourceTable) -> int:
    """Write ``std.<feed>_<table>`` and return its rows. Needs ``value_date`` and ``value_word``."""
    con.execute(_typed_statement(table))
    return int((con.execute(f"select count(*) from std.{quoted(table.name)}").fetchone() or (0,))[0])


def _typed_statement(table: SourceTable) -> str:
    columns, joins = ["r.entry_id"], []
    for index, column in enumerate(table.columns):
        value, name = f"r.{quoted(column.name)}", quoted(column.name)
        if column.type in {"date", "month"}:
            joins.append(f"left join value_date as t{index} on t{index}.delivered = {value}")
            first = f"date_trunc('month', t{index}.on_day)::date" if column.type == "month" else f"t{index}.on_day"
            columns.append(f"{first} as {name}")
        elif column.type in _DECODED:
            joins.append(_word_join(table, column, f"t{index}", value))
            decoded = f"t{index}.decoded"
            columns.append(f"{decoded}::boolean as {name}" if column.type == "yes_no" else f"{decoded} as {name}")
        elif column.type == "money":
            columns.append(f"try_cast({_number_text(value)} as decimal(14, 2)) as {name}")
        elif column.type == "integer":
            columns.append(f"try_cast({_number_text(value)} as integer) as {name}")
        elif column.type in {"text", "document_kind", "key_number"} and column.sensitivity in _PLAIN:
            columns.append(f"{value} as {name}")
    select = f"select {', '.join(columns)} from raw.{quoted(table.name)} as r {' '.join(joins)}"
    return f"create or replace table std.{quoted(table.name)} as {select}"


def _word_join(table: SourceTable, column: SourceColumn, alias: str, value: str) -> str:
    return (
        f"left join value_word as {alias} on {alias}.delivered = {value}"
        f" and {alias}.table_name = '{table.name}' and {alias}.column_name = '{column.name}'"
    )


def _number_text(value: str) -> str:
    return (
        f"regexp_replace(translate({value}, '０１２３４５６７８９．，－', '0123456789.,-'), '[,￥¥元\\s　]', '', 'g')"
    )


def typed_faults(table: SourceTable) -> list[str]:
    """Selects of ``entry_id, column_name, fault`` for a table's decoded columns; ``born_on`` is the entry's affair."""
    raw = f"raw.{quoted(table.name)} as r"
    selects = []
    for column in table.columns:
        value = f"r.{quoted(column.name)}"
        found = f"select r.entry_id, '{column.name}' as column_name"
        if column.type in {"date", "month"} and column.name != "born_on":
            expected = " and t.fault <> 'month_only'" if column.type == "month" else ""
            join = f"join value_date as t on t.delivered = {value} where t.fault is not null{expected}"
            selects.append(f"{found}, t.fault from {raw} {join}")
        elif column.type in _DECODED:
            join = _word_join(table, column, "t", value).removeprefix("left ")
            selects.append(f"{found}, t.fault from {raw} {join} where t.fault is not null")
        elif column.type in {"money", "integer"}:
            kind = "decimal(14, 2)" if column.type == "money" else "integer"
            failed = f"{value} is not null and try_cast({_number_text(value)} as {kind}) is null"
            selects.append(f"{found}, 'malformed' as fault from {raw} where {failed}")
    return selects


def _distinct(con: duckdb.DuckDBPyConnection, selects: Iterable[str]) -> list[str]:
    union = " union ".join(selects)
    if not union:
        return []
    found = con.sql(f"select distinct value from ({union}) where value is not null order by value").to_arrow_table()
    texts: list[str] = found["value"].to_pylist()
    return texts


def _store(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Keep an Arrow table as a temporary table of the connection."""
    con.register("arriving", table)
    con.execute(f"create or replace temp table {name} as select * from arriving")
    con.unregister("arriving")
