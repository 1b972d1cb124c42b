"""Makes published homes of a few rows for the tests of the warehouse."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from warehouse import specs
from warehouse.releases import Release
from warehouse.store import Warehouse

_LINK = {
    "child_event": "child_id varchar, event varchar, other_child_id varchar, cause varchar, period varchar",
    "entry_child": "entry_id bigint, child_id varchar, how varchar, score double",
    "anchor": "anchor ubigint, child_id varchar",
}


def empty_table(con: duckdb.DuckDBPyConnection, room: str, table: str) -> None:
    """Make a table in the shape that its spec says."""
    columns = ", ".join(f'"{name}" {column.type}' for name, column in specs.get(room, table).columns.items())
    con.execute(f"create or replace table {room}.{table} ({columns})")


def insert(con: duckdb.DuckDBPyConnection, table: str, **values: object) -> None:
    """Add one row; columns that aren't named are null."""
    marks = ", ".join(f"${name}" for name in values)
    con.execute(f"insert into {table} ({', '.join(values)}) values ({marks})", values)


def fill(
    house: Warehouse,
    period: str,
    children: Mapping[str, Sequence[int]],
    minted: Sequence[str] = (),
    merged: Mapping[str, str] | None = None,
) -> None:
    """Begin a period and write its least content: entries and anchors by child, events, one mart table."""
    house.begin(period)
    con = house.cursor()
    for table, columns in _LINK.items():
        con.execute(f"create or replace table link.{table} ({columns})")
    for number, (child, anchors) in enumerate(children.items()):
        insert(con, "link.entry_child", entry_id=number, child_id=child, how="alone")
        for anchor in anchors:
            insert(con, "link.anchor", anchor=anchor, child_id=child)
    for child in minted:
        insert(con, "link.child_event", child_id=child, event="mint", cause="new", period=period)
    for child, into in (merged or {}).items():
        insert(
            con, "link.child_event", child_id=child, event="merge", other_child_id=into, cause="joined", period=period
        )
    con.execute("create or replace table mart.child_count as select ?::integer as children", [len(children)])


def publish(
    home: Path,
    period: str,
    children: Mapping[str, Sequence[int]],
    minted: Sequence[str] = (),
    merged: Mapping[str, str] | None = None,
) -> Release:
    """Build and publish a period in one go."""
    with Warehouse(home) as house:
        fill(house, period, children, minted, merged)
        return house.publish(period, counts={"children": len(children)})


def known_anchors(house: Warehouse) -> dict[int, tuple[str, int]]:
    """The register as a build sees it: child and its age's rank by anchor."""
    rows = house.cursor().execute("select anchor, child_id, priority from prior.known_anchor").fetchall()
    return {anchor: (child, priority) for anchor, child, priority in rows}
