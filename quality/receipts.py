"""What came: the part of ``raw.receipt`` and ``raw.drift`` that gates and page need."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import duckdb


class ReceiptRow(NamedTuple):
    """One delivered table. ``status`` is landed, refused or missing; figures are rows unless they say otherwise."""

    feed: str
    table_name: str
    status: str
    files: int = 0
    rows_read: int = 0
    rows_landed: int = 0
    rows_repeated: int = 0
    rows_quarantined: int = 0
    sha256: str | None = None
    message: str = ""
    message_zh: str = ""


class DriftRow(NamedTuple):
    """One column of a delivery that isn't as agreed.

    ``kind`` is ``unknown_column`` (the contract doesn't know it; the header's own word) or ``absent_column`` (optional,
    not delivered, by the department's name for it).
    """

    feed: str
    table_name: str
    column_name: str
    kind: str


def read_receipts(con: duckdb.DuckDBPyConnection) -> list[ReceiptRow]:
    """Every table's receipt of the open period, by feed and table."""
    figures = ("files", "rows_read", "rows_landed", "rows_repeated", "rows_quarantined")
    counted = ", ".join(f"coalesce({figure}, 0)::bigint" for figure in figures)
    found = con.execute(
        f"select feed, table_name, status, {counted}, sha256, coalesce(message, ''), coalesce(message_zh, '') "
        "from raw.receipt order by feed, table_name"
    ).fetchall()
    return [ReceiptRow(*row) for row in found]


def read_drift(con: duckdb.DuckDBPyConnection) -> list[DriftRow]:
    """Every column of the open period's deliveries that isn't as agreed."""
    found = con.execute("select distinct feed, table_name, column_name, kind from raw.drift order by all").fetchall()
    return [DriftRow(*row) for row in found]
