"""Any table into profiles: columns normalised as the model file says, rows that agree on all of them one profile."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from matching.model import Model, TableColumn
from matching.normalisers import normalise

FEED = "table"
"""The feed that rows of a caller's table are said to come from; their table is their source."""


class TableError(ValueError):
    """A table can't be linked by a model; the message says what was expected and found."""


@dataclass(frozen=True, slots=True)
class Tabled:
    """How many rows became how many profiles, and by column how many values its normalisers left nothing of."""

    rows: int
    profiles: int
    unread: dict[str, int]


def write_table(con: duckdb.DuckDBPyConnection, table: str, model: Model) -> Tabled:
    """Make ``std.entry``, ``link.entry_profile`` and ``link.profile`` from the relation ``table``.

    Entries are numbered by source and key, so that the order of rows doesn't matter; without a key column the row's
    place is its key. Raises :class:`TableError` for a missing column and for keys that are missing or repeated.
    """
    if not model.columns:
        raise TableError(f"model {model.version} states no `columns`: it links profiles of children, not a table")
    _check_columns(con, table, model)
    for schema in ("std", "link"):
        con.execute(f"create schema if not exists {schema}")
    _write_rows(con, table, model)
    unread = {name: _write_values(con, name, column) for name, column in model.columns.items()}
    _write_entries(con, model)
    _write_profiles(con, model)
    rows, profiles = con.execute(
        "select (select count(*) from std.entry), (select count(*) from link.profile)"
    ).fetchall()[0]
    return Tabled(rows, profiles, unread)


def _check_columns(con: duckdb.DuckDBPyConnection, table: str, model: Model) -> None:
    found = [row[0] for row in con.execute(f"describe {table}").fetchall()]
    wanted = [name for column in model.columns.values() for name in column.read_from]
    wanted += [name for name in (model.key, model.source) if name]
    absent = sorted(set(wanted) - set(found))
    if absent:
        raise TableError(
            f"the table has no columns {absent}, which model {model.version} reads; found {found}. "
            "Rename them, or say in `columns.….from`, `key` or `source` what they are called."
        )


def _write_rows(con: duckdb.DuckDBPyConnection, table: str, model: Model) -> None:
    """Make ``table_row``: the caller's columns as text, a row each, with its source, key and entry id."""
    source = f"{_quoted(model.source)}::varchar" if model.source else f"'{FEED}'"
    key = f"{_quoted(model.key)}::varchar" if model.key else "(row_number() over () - 1)::varchar"
    read = ", ".join(f"{_joined(column)} as {name}" for name, column in model.columns.items())
    con.execute(
        "create or replace temp table table_row as"
        f" with named as (select coalesce({source}, '') as table_name, {key} as key, {read} from {table})"
        " select (row_number() over (order by table_name, key) - 1)::bigint as entry_id, * from named"
    )
    missing, repeated = con.execute(
        "select count(*) filter (key is null), count(key) - count(distinct (table_name, key)) filter (key is not null)"
        " from table_row"
    ).fetchall()[0]
    if missing or repeated:
        raise TableError(
            f"key column `{model.key}`: {missing} rows have no key, {repeated} repeat another's. "
            "Every row needs a key of its own within its source; leave `key` out to number the rows."
        )


def _joined(column: TableColumn) -> str:
    texts = [f"{_quoted(name)}::varchar" for name in column.read_from]
    return texts[0] if len(texts) == 1 else f"concat_ws(' ', {', '.join(texts)})"


def _write_values(con: duckdb.DuckDBPyConnection, name: str, column: TableColumn) -> int:
    """Make ``value_<column>``: each distinct text as it is compared. Return how many rows are left with nothing."""
    texts = con.execute(f"select distinct {name} as text from table_row where {name} is not null").to_arrow_table()
    values = normalise(texts.column(0).to_pylist(), column.steps)
    con.register("arrow_rows", pa.table({"text": texts.column(0), "value": pa.array(values, pa.string())}))
    con.execute(f"create or replace temp table value_{name} as select * from arrow_rows")
    con.unregister("arrow_rows")
    found = con.execute(
        f"select count(*) from table_row join value_{name} as known on known.text = table_row.{name}"
        " where known.value is null and trim(known.text) <> ''"
    ).fetchall()
    return int(found[0][0])


def _write_entries(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    values = ", ".join(f"value_{name}.value as {name}" for name in model.columns)
    joins = " ".join(f"left join value_{name} on value_{name}.text = table_row.{name}" for name in model.columns)
    con.execute(
        f"create or replace table std.entry as select entry_id, '{FEED}' as feed, table_name, key, {values}"
        f" from table_row {joins} order by entry_id"
    )
    for name in ("table_row", *(f"value_{name}" for name in model.columns)):
        con.execute(f"drop table {name}")


def _write_profiles(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Number profiles by their least entry; add a list of hashes for each column that blocking uses."""
    compared = ", ".join(("table_name", *model.columns))
    con.execute(
        "create or replace table link.entry_profile as"
        f" with profile as (select {compared}, min(entry_id) as first_id from std.entry group by all),"
        f" numbered as (select *, (row_number() over (order by first_id) - 1)::integer as profile_id from profile)"
        " select entry.entry_id, numbered.profile_id from std.entry as entry join numbered on "
        + " and ".join(f"entry.{name} is not distinct from numbered.{name}" for name in ("table_name", *model.columns))
        + " order by entry.entry_id"
    )
    used = {key for rule in model.blocking.rules for key in rule.keys + rule.split_by}
    keys = [_keys(name, column) for name, column in model.columns.items() if f"{name}_keys" in used]
    con.execute(
        "create or replace table link.profile as with first_entry as ("
        " select profile_id, min(entry_id) as entry_id, count(*)::integer as entries"
        " from link.entry_profile group by profile_id)"
        f" select profile_id, entries, entry.*, {', '.join(keys)}"
        " from first_entry join std.entry as entry using (entry_id) order by profile_id"
    )


def _keys(name: str, column: TableColumn) -> str:
    """SQL for a column's blocking keys: one for its value, or one for each of its words."""
    values = f"string_split({name}, ' ')" if column.steps[-1] == "words" else f"[{name}]"
    hashed = f"list_sort(list_distinct(list_transform({values}, lambda part: hash(part))))"
    return f"case when {name} is null then [] else {hashed} end as {name}_keys"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
