"""The tables that all deliveries share in ``raw``: receipts, files, quarantine, drift. And what a landing reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import duckdb
import pyarrow as pa

from connectors.chunks import Reject
from connectors.specs import FeedSpec

Status = Literal["landed", "refused", "missing"]

_TABLES = {
    "receipt": """feed varchar, table_name varchar, period varchar, status varchar, files integer, file_names varchar[],
        bytes bigint, sha256 varchar, encodings varchar[], rows_read bigint, rows_landed bigint, rows_repeated bigint,
        rows_quarantined bigint, warnings varchar[], message varchar, message_zh varchar, received_at timestamp""",
    "file": """feed varchar, table_name varchar, file varchar, bytes bigint, sha256 varchar, encoding varchar,
        rows bigint""",
    "quarantine": """feed varchar, table_name varchar, file varchar, row_no integer, reason varchar, detail varchar,
        bytes blob""",
    "drift": "feed varchar, table_name varchar, file varchar, column_name varchar, kind varchar",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one table's delivery. ``rows_read`` = landed + repeated + quarantined, always."""

    feed: str
    table: str
    period: str
    status: Status
    file_names: tuple[str, ...] = ()
    bytes: int = 0
    sha256: str = ""
    encodings: tuple[str, ...] = ()
    rows_read: int = 0
    rows_landed: int = 0
    rows_repeated: int = 0
    rows_quarantined: int = 0
    warnings: tuple[str, ...] = ()
    message: str = ""
    message_zh: str = ""
    received_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.rows_read != self.rows_landed + self.rows_repeated + self.rows_quarantined:
            raise AssertionError(f"{self.feed}/{self.table}: rows read are not landed + repeated + quarantined: {self}")

    @property
    def files(self) -> int:
        """How many files, or databases, were read."""
        return len(self.file_names)


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file of a delivery, as read."""

    name: str
    bytes: int
    sha256: str
    encoding: str | None
    rows: int


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the shared tables where they are not there yet."""
    con.execute("create schema if not exists raw")
    for name, columns in _TABLES.items():
        con.execute(f"create table if not exists raw.{name} ({columns})")


def forget(con: duckdb.DuckDBPyConnection, spec: FeedSpec) -> None:
    """Take an earlier landing of the table out of the shared tables: a re-delivery replaces it."""
    for name in _TABLES:
        con.execute(f"delete from raw.{name} where feed = ? and table_name = ?", [spec.feed, spec.table])


def write(con: duckdb.DuckDBPyConnection, receipt: Receipt) -> None:
    """Put a receipt in place of the table's earlier one."""
    con.execute("delete from raw.receipt where feed = ? and table_name = ?", [receipt.feed, receipt.table])
    row = [
        *(receipt.feed, receipt.table, receipt.period, receipt.status, receipt.files, list(receipt.file_names)),
        *(receipt.bytes, receipt.sha256, list(receipt.encodings), receipt.rows_read, receipt.rows_landed),
        *(receipt.rows_repeated, receipt.rows_quarantined, list(receipt.warnings), receipt.message),
        *(receipt.message_zh, receipt.received_at),
    ]
    con.execute(f"insert into raw.receipt values ({', '.join('?' * len(row))})", row)


def read(con: duckdb.DuckDBPyConnection, spec: FeedSpec) -> Receipt | None:
    """The table's receipt, if it has one."""
    found = con.execute(
        """select period, status, file_names, bytes, sha256, encodings, rows_read, rows_landed, rows_repeated,
            rows_quarantined, warnings, message, message_zh, received_at
        from raw.receipt where feed = ? and table_name = ?""",
        [spec.feed, spec.table],
    ).fetchone()
    if found is None:
        return None
    period, status, names, size, sha256, encodings, rows, landed, repeated, quarantined, warnings, *said = found
    return Receipt(
        *(spec.feed, spec.table, period, status, tuple(names), size, sha256, tuple(encodings)),
        *(rows, landed, repeated, quarantined, tuple(warnings), *said),
    )


def write_files(con: duckdb.DuckDBPyConnection, spec: FeedSpec, files: list[FileRead]) -> None:
    """One row a file."""
    for file in files:
        row = [spec.feed, spec.table, file.name, file.bytes, file.sha256, file.encoding, file.rows]
        con.execute("insert into raw.file values (?, ?, ?, ?, ?, ?, ?)", row)


def write_drift(con: duckdb.DuckDBPyConnection, spec: FeedSpec, file: str, columns: list[str], kind: str) -> None:
    """Columns of a file that the spec does not know."""
    for column in columns:
        con.execute("insert into raw.drift values (?, ?, ?, ?, ?)", [spec.feed, spec.table, file, column, kind])


def write_rejects(con: duckdb.DuckDBPyConnection, spec: FeedSpec, file: str, rejects: list[Reject]) -> None:
    """Rows for the quarantine, with their bytes."""
    if not rejects:
        return
    found = pa.table(
        {
            "row_no": pa.array([reject.row_no for reject in rejects], pa.int32()),
            "reason": pa.array([reject.reason for reject in rejects], pa.string()),
            "detail": pa.array([reject.detail for reject in rejects], pa.string()),
            "bytes": pa.array([reject.content for reject in rejects], pa.binary()),
        }
    )
    con.register("landing_reject", found)
    con.execute(
        "insert into raw.quarantine select ?, ?, ?, row_no, reason, detail, bytes from landing_reject",
        [spec.feed, spec.table, file],
    )
    con.unregister("landing_reject")
