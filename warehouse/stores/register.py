"""The register of child ids: which were issued, which anchors name them, what happened to them.

Rows are written per build. Those of the builds in force (see :class:`warehouse.releases.Release`) are the register.
"""

from collections.abc import Collection, Iterable

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from warehouse.stores import bulk
from warehouse.stores.engine import reading, writing
from warehouse.stores.tables import OF_BUILDS, anchor, child_event, issued_child

_ANCHORS = pa.schema([("anchor", pa.uint64()), ("child_id", pa.string())])
_ANCHORS_A_PART = 250_000


def purge(engine: sa.Engine, keep: Collection[int]) -> int:
    """Remove rows of builds that never were published; return how many. Only the holder of HOME's lock may call it."""
    removed = 0
    with writing(engine) as connection:
        for table in OF_BUILDS:
            gone = connection.execute(table.delete().where(table.c.build_id.not_in(sorted(keep))))
            removed += gone.rowcount
    return removed


def read_anchors(engine: sa.Engine, builds: Collection[int]) -> pa.Table:
    """``anchor, child_id`` in order of writing: the last row of an anchor holds."""
    query = sa.select(anchor.c.content).where(anchor.c.build_id.in_(sorted(builds))).order_by(anchor.c.id)
    with engine.connect() as connection:
        parts = [pa.ipc.open_stream(content).read_all() for content in connection.execute(query).scalars()]
    return pa.concat_tables([_ANCHORS.empty_table(), *parts])


def read_issued(engine: sa.Engine, builds: Collection[int]) -> pa.Table:
    """``child_id, build_id, period, ordinal``: every child id issued, oldest first."""
    columns = (issued_child.c.child_id, issued_child.c.build_id, issued_child.c.period, issued_child.c.ordinal)
    query = (
        sa.select(*columns)
        .where(issued_child.c.build_id.in_(sorted(builds)))
        .order_by(issued_child.c.build_id, issued_child.c.ordinal, issued_child.c.id)
    )
    with reading(engine) as connection:
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
    with reading(engine) as connection:
        return bulk.select(connection, query, [pa.string()] * len(columns))


def count(engine: sa.Engine) -> dict[tuple[str, int], int]:
    """Rows of the register by (table, build)."""
    rows: dict[sa.Table, sa.ColumnElement[int]] = {
        issued_child: sa.func.count(),
        anchor: sa.func.sum(anchor.c.rows),
        child_event: sa.func.count(),
    }
    counted: dict[tuple[str, int], int] = {}
    with engine.connect() as connection:
        for table, many in rows.items():
            found = connection.execute(sa.select(table.c.build_id, many).group_by(table.c.build_id)).all()
            counted |= {(table.name, int(build)): int(each) for build, each in found}
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
        for table in (issued_child, child_event):
            columns = con.sql(_ADDED[table.name]).to_arrow_table()
            with bulk.collector_paused():
                values: dict[str, object] = {name: columns[name].to_pylist() for name in columns.column_names}
                added = {**values, "build_id": build_id, "period": period}
                written[table.name] = bulk.insert(connection, table, added)
        written[anchor.name] = _add_anchors(connection, con, build_id)
    return written


def _add_anchors(connection: sa.Connection, con: duckdb.DuckDBPyConnection, build_id: int) -> int:
    """Pack the new anchors, a part at a time; return how many."""
    many = 0
    for part in con.sql(_ADDED["anchor"]).to_arrow_reader(_ANCHORS_A_PART):
        packed = pa.BufferOutputStream()
        with pa.ipc.new_stream(packed, _ANCHORS, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
            stream.write_batch(part.cast(_ANCHORS))
        content = packed.getvalue().to_pybytes()
        connection.execute(anchor.insert().values(build_id=build_id, rows=part.num_rows, content=content))
        many += part.num_rows
    return many


# The least entry of a child orders ids minted together, so that which is older is a fact of the data and not of chance.
_ADDED = {
    "issued_child": """
        select event.child_id, (row_number() over (order by min(entry.entry_id), event.child_id))::integer as ordinal
        from link.child_event event left join link.entry_child entry on entry.child_id = event.child_id
        where event.event = 'mint' group by event.child_id order by ordinal
    """,
    "anchor": """
        select now.anchor, now.child_id
        from link.anchor now
        where not exists (select 1 from prior.known_anchor known
                          where known.anchor = now.anchor and known.child_id = now.child_id)
        order by now.child_id, now.anchor
    """,
    "child_event": """
        select child_id, event, other_child_id, cause from link.child_event
        order by child_id, event, other_child_id, cause
    """,
}
