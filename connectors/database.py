"""Department tables over SQL: read through SQLAlchemy, streamed, never held whole.

A SELECT construct, not text: with text() SQLAlchemy ignores the size of partitions and fetches everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import URL, Column, Connection, Engine, MetaData, Table, create_engine, event, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from connectors.chunks import Chunk, Reject, Tally
from connectors.errors import DatabaseUnreachable, FileUnreadable, TableMissing
from connectors.specs import SqlSource
from connectors.workbook import cell_text

_ROWS = 20_000


def shown(url: URL) -> str:
    """A URL fit for a message: no password, no parameters (drivers take passwords there, too)."""
    if url.drivername.startswith("sqlite"):
        return Path(str(url.database or "").removeprefix("file:")).name
    return URL.create(url.drivername, None, None, url.host, url.port, url.database).render_as_string()


class SqlTable:
    """One opened table or view. Its rows are numbered from 1 in the order in which the database gives them."""

    encoding: str | None = None
    header_row = 0
    top: Sequence[Sequence[str]] = ()

    def __init__(self, where: str, source: SqlSource, url: str | None, file: Path | None) -> None:
        self.where, self.tally = where, Tally()
        self.sha256 = ""  # told by the landing, from the rows
        self.size = file.stat().st_size if file is not None else 0
        self._url = _sqlite_url(file) if file is not None else _parsed(where, url or "")
        self.name = file.name if file is not None else f"{self._url.database}.{source.table}"
        self._file = file
        engine = self._engine()
        try:
            self._table = _reflected(engine, source.table, where, shown(self._url))
        except SQLAlchemyError as error:
            raise self._fault(error) from None
        finally:
            engine.dispose()
        self.header: Sequence[str] = [column.name for column in self._table.columns]

    def chunks(self) -> Iterator[Chunk]:
        """Stream the rows. Text that an SQLite file holds in another encoding is read a second time, with care."""
        engine = self._engine()
        if self._file is not None:
            event.listen(engine, "connect", _text_as_bytes)
        try:
            with engine.connect() as connection:
                yield from self._chunks(connection)
        except SQLAlchemyError as error:
            raise self._fault(error) from None
        finally:
            engine.dispose()

    def _chunks(self, connection: Connection) -> Iterator[Chunk]:
        streaming = connection.execution_options(stream_results=True, max_row_buffer=_ROWS)
        number = 1
        for rows in streaming.execute(select(self._table)).partitions(_ROWS):
            yield _chunk(rows, number)
            number += len(rows)

    def _engine(self) -> Engine:
        try:
            return create_engine(self._url)
        except (NoSuchModuleError, ImportError) as error:
            reason = f"the driver for {self._url.drivername} is not installed: {type(error).__name__}"
            raise DatabaseUnreachable(self.where, shown(self._url), reason) from None

    def _fault(self, error: SQLAlchemyError) -> DatabaseUnreachable | FileUnreadable:
        cause = getattr(error, "orig", None) or error
        if self._file is not None:
            return FileUnreadable(self.where, f"{type(cause).__name__}: not a sound SQLite database")
        return DatabaseUnreachable(self.where, shown(self._url), type(cause).__name__)


def _parsed(where: str, url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        reason = "the configured URL is not one of SQLAlchemy's, such as postgresql+psycopg://user@host/database"
        raise DatabaseUnreachable(where, "the configured database", reason) from None


def _sqlite_url(file: Path) -> URL:
    """Read-only: a department's file is never changed, nor made where it is missing."""
    return URL.create("sqlite", database=f"file:{quote(str(file.resolve()))}", query={"mode": "ro", "uri": "true"})


def _text_as_bytes(connection: Any, _record: object) -> None:
    """Let SQLite hand over bytes: Arrow decodes them faster than Python, and text that is no UTF-8 stops nothing."""
    connection.text_factory = bytes


def _reflected(engine: Engine, wanted: str, where: str, place: str) -> Table:
    """The table with its columns, found whatever the case of its name (PostgreSQL folds to lower case).

    The columns have no type, so that SQLAlchemy hands on what the driver gives: SQLite's DATE may hold any text.
    """
    schema, _, name = wanted.rpartition(".")
    inspector = inspect(engine)
    found = [*inspector.get_table_names(schema or None)]
    with suppress(NotImplementedError):
        found += inspector.get_view_names(schema or None)
    exact = [other for other in found if other == name] or [other for other in found if other.lower() == name.lower()]
    if not exact:
        raise TableMissing(where, place, wanted, sorted(found))
    columns: list[Column[Any]] = [Column(column["name"]) for column in inspector.get_columns(exact[0], schema or None)]
    return Table(exact[0], MetaData(), *columns, schema=schema or None)


def _chunk(rows: Sequence[Any], first: int) -> Chunk:
    """Rows as text arrays; a row with bytes that are no text is set aside."""
    numbers = range(first, first + len(rows))
    columns = list(zip(*rows, strict=True))
    try:
        return Chunk(pa.array(numbers, pa.int32()), [_array(column) for column in columns], (), first + len(rows) - 1)
    except UnicodeDecodeError:
        return _chunk_by_row(rows, first)


def _chunk_by_row(rows: Sequence[Any], first: int) -> Chunk:
    numbers, good, rejects = [], [], []
    for number, row in enumerate(rows, first):
        try:
            good.append([_text(value) or None for value in row])
            numbers.append(number)
        except UnicodeDecodeError:
            content = b"\x1f".join(v if isinstance(v, bytes) else str("" if v is None else v).encode() for v in row)
            rejects.append(Reject(number, "undecodable", "", content))
    columns: list[tuple[str | None, ...]] = list(zip(*good, strict=True)) if good else [()] * len(rows[0])
    cells = [pa.array(column, pa.string()) for column in columns]
    return Chunk(pa.array(numbers, pa.int32()), cells, rejects, first + len(rows) - 1)


def _array(column: Sequence[Any]) -> pa.Array:
    try:
        made = pa.array(column, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        made = pa.array([_text(value) for value in column], pa.string())
    blank = pc.equal(made, "")
    return pc.if_else(blank, None, made) if pc.any(blank).as_py() else made


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _decoded(bytes(value))
    if isinstance(value, Decimal):
        return _decimal_text(value)
    if isinstance(value, (bool, int, float, date, datetime, time)):
        return str(value) if type(value) is int else cell_text(value)
    return str(value)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _decimal_text(value: Decimal) -> str:
    return format(value.quantize(Decimal(1)), "f") if value == value.to_integral_value() else format(value, "f")
