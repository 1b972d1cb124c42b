"""The register of child ids: which were issued, which anchors name them, what happened to them.

Rows are written per build. Those of the builds in force (see :class:`warehouse.releases.Release`) are the register.
"""

from collections.abc import Collection, Iterable

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from warehouse.stores import bulk
from warehouse.stores.engine import writing
from warehouse.stores.tables import OF_BUILDS, anchor, child_event, issued_child


def purge(engine: sa.Engine, keep: Collection[int]) -> int:
    """Remove rows of builds that never were published; return how many. Only the holder of HOME's lock may call it."""
    removed = 0
    with writing(engine) as connection:
        for table in OF_BUILDS:
            gone = connection.execute(table.delete().where(table.c.build_id.not_in(sorted(keep))))
            removed += gone.rowcount
    return removed


def read_anchors(engine: sa.Engine, builds: Collection[int]) -> pa.Table:
    """``anchor (uint64), child_id`` in order of writing: the last row of an anchor holds."""
    query = (
        sa.select(anchor.c.anchor, anchor.c.child_id).where(anchor.c.build_id.in_(sorted(builds))).order_by(anchor.c.id)
    )
    with engine.connect() as connection:
        found = bulk.select(connection, query, [pa.int64(), pa.string()])
    values = bulk.unsigned(found["anchor"].to_numpy())
    return found.set_column(0, "anchor", pa.array(values, pa.uint64()))


def read_issued(engine: sa.Engine, builds: Collection[int]) -> pa.Table:
    """``child_id, build_id, period, ordinal``: every child id issued, oldest first."""
    columns = (issued_child.c.child_id, issued_child.c.build_id, issued_child.c.period, issued_child.c.ordinal)
    query = (
        sa.select(*columns)
        .where(issued_child.c.build_id.in_(sorted(builds)))
        .order_by(issued_child.c.build_id, issued_child.c.ordinal, issued_child.c.id)
    )
    with engine.connect() as connection:
        return bulk.select(connection, query, [pa.string(), pa.int64(), pa.string(), pa.int32()])


def read_events(engine: sa.Engine, builds: Collection[int], but: Iterable[str] = ()) -> pa.Table:
    """``child_id, event, other_child_id, cause, period`` in order of writing; ``but`` leaves kinds of events out."""
    columns = (
        child_event.c.child_id,
        child_event.c.event,
        child_event.c.other_child_id,
        child_event.c.cause,
        child_event.c.period,
    )
    query = (
        sa.select(*columns)
        .where(child_event.c.build_id.in_(sorted(builds)), child_event.c.event.not_in(list(but)))
        .order_by(child_event.c.id)
    )
    with engine.connect() as connection:
        return bulk.select(connection, query, [pa.string()] * len(columns))


def count(engine: sa.Engine) -> dict[tuple[str, int], int]:
    """Rows of the register by (table, build)."""
    counted: dict[tuple[str, int], int] = {}
    with engine.connect() as connection:
        for table in (issued_child, anchor, child_event):
            query = sa.select(table.c.build_id, sa.func.count()).group_by(table.c.build_id)
            counted |= {(table.name, build): rows for build, rows in connection.execute(query).all()}
    return counted


def record(engine: sa.Engine, con: duckdb.DuckDBPyConnection, build_id: int, period: str) -> dict[str, int]:
    """Append what this build adds to the register, from its ``link`` tables; return rows by table.

    Only anchors that are new, or name another child than ``prior.known_anchor`` says, are written. Done again for the
    same build (a resumed run) it replaces that build's rows.
    """
    written = {}
    with writing(engine) as connection:
        for table in (issued_child, anchor, child_event):
            connection.execute(table.delete().where(table.c.build_id == build_id))
            columns = con.sql(_ADDED[table.name]).to_arrow_table()
            values: dict[str, object] = {name: columns[name].to_pylist() for name in columns.column_names}
            fixed = {"build_id": build_id, "period": period} if "period" in table.c else {"build_id": build_id}
            written[table.name] = bulk.insert(connection, table, {**values, **fixed})
    return written


# The least entry of a child orders ids minted together, so that which is older is a fact of the data and not of chance.
_ADDED = {
    "issued_child": """
        select event.child_id, (row_number() over (order by min(entry.entry_id), event.child_id))::integer as ordinal
        from link.child_event event left join link.entry_child entry on entry.child_id = event.child_id
        where event.event = 'mint' group by event.child_id order by ordinal
    """,
    "anchor": """
        select (case when now.anchor > 9223372036854775807 then now.anchor::hugeint - 18446744073709551616
                     else now.anchor end)::bigint as anchor, now.child_id
        from link.anchor now
        where not exists (select 1 from prior.known_anchor known
                          where known.anchor = now.anchor and known.child_id = now.child_id)
        order by now.anchor, now.child_id
    """,
    "child_event": """
        select child_id, event, other_child_id, cause from link.child_event
        order by child_id, event, other_child_id, cause
    """,
}
