"""Writes and reads many rows at once, column by column."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

_CHUNK = 20_000  # rows read at once


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python's garbage collector from walking over millions of new tuples, none of which is garbage.

    It would take three quarters of the time of reading 2.6 M rows.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def insert(connection: sa.Connection, table: sa.Table, columns: Mapping[str, Any]) -> int:
    """Append rows given as columns (lists of one length, or one value for all rows); return how many.

    SQLite and PostgreSQL take them through their own drivers: as dicts, SQLAlchemy's way, they cost four times as much.
    """
    lists = {name: values for name, values in columns.items() if isinstance(values, list)}
    lengths = {len(values) for values in lists.values()}
    if len(lengths) != 1:
        raise ValueError(f"{table.name}: expected columns of one length, found {sorted(lengths) or 'no list'}")
    (rows,) = lengths
    tuples = zip(*(lists.get(name, [value] * rows) for name, value in columns.items()), strict=True)
    quoted = connection.dialect.identifier_preparer.quote
    into = f"{quoted(table.name)} ({', '.join(map(quoted, columns))})"
    with collector_paused():
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(columns))
            cursor = connection.connection.cursor()
            cursor.executemany(f"insert into {into} values ({marks})", tuples)  # type: ignore[arg-type]
        elif connection.dialect.name == "postgresql":
            _copy(connection.connection.cursor(), f"copy {into} from stdin", tuples)
        elif rows:
            connection.execute(table.insert(), [dict(zip(columns, row, strict=True)) for row in tuples])
    return rows


def _copy(cursor: Any, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    """PostgreSQL's COPY by psycopg 3, inside the connection's transaction."""
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def select(connection: sa.Connection, query: sa.Select[Any], types: Sequence[pa.DataType]) -> pa.Table:
    """All rows of a query as an Arrow table with the query's column names and these types; within a transaction."""
    schema = pa.schema([(column.name, kind) for column, kind in zip(query.selected_columns, types, strict=True)])
    if connection.dialect.name == "sqlite":  # the driver's own tuples: SQLAlchemy's rows double the time
        cursor = connection.execute(query).cursor
        parts: Iterable[Sequence[Any]] = iter(lambda: cursor.fetchmany(_CHUNK), []) if cursor else ()
    else:
        parts = connection.execution_options(stream_results=True).execute(query).partitions(_CHUNK)
    batches = []
    with collector_paused():
        for rows in parts:
            columns = zip(zip(*rows, strict=True), types, strict=True)
            batches.append(pa.record_batch([pa.array(values, kind) for values, kind in columns], schema=schema))
    return pa.Table.from_batches(batches, schema)
