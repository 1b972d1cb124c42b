"""Receipts of deliveries, kept beyond the file they were landed in: a re-delivery adds one, both stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
import sqlalchemy as sa

from warehouse.stores.engine import now, writing
from warehouse.stores.tables import receipt


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """One receipt. ``content`` is the whole row of ``raw.receipt``, times as ISO text."""

    build_id: int
    period: str
    feed: str
    table_name: str
    status: str
    sha256: str | None
    rows_read: int
    rows_landed: int
    rows_repeated: int
    rows_quarantined: int
    content: Mapping[str, Any]
    at: datetime  # UTC


def keep(engine: sa.Engine, con: duckdb.DuckDBPyConnection, build_id: int) -> int:
    """Append every receipt of the file being built; return how many."""
    told = con.execute("select * from raw.receipt order by feed, table_name")
    names = [str(each[0]) for each in told.description or ()]
    own = [name for name in KeptReceipt.__slots__ if name in names]
    rows = []
    for row in told.fetchall():
        content = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        rows.append({**{name: content[name] for name in own}, "build_id": build_id, "content": content, "at": now()})
    if rows:
        with writing(engine) as connection:
            connection.execute(receipt.insert(), rows)
    return len(rows)


def read(engine: sa.Engine, period: str | None = None) -> list[KeptReceipt]:
    """Read the receipts of a period or all, oldest first; of a re-delivered table the last is of the last build."""
    query = sa.select(*(receipt.c[name] for name in KeptReceipt.__slots__)).order_by(receipt.c.id)
    if period is not None:
        query = query.where(receipt.c.period == period)
    with engine.connect() as connection:
        return [KeptReceipt(*row) for row in connection.execute(query).all()]


def latest(engine: sa.Engine, period: str) -> list[KeptReceipt]:
    """Read the newest receipt of each table of a period, by feed and table."""
    newest = {(each.feed, each.table_name): each for each in read(engine, period)}
    return [newest[name] for name in sorted(newest)]


def _plain(value: object) -> object:
    """A value that JSON can hold."""
    return value.isoformat() if isinstance(value, date | datetime) else value
