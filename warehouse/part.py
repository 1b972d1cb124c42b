"""The part of a build that other links than the last build's change: rows of some children made anew, all others kept.

A table whose file says ``-- by: child`` is made of a child's own entries and facts: for children whose entries are
those of the last build its rows are too. So it is made for the others only, from views and small tables in a catalog of
its own in memory, named as in the file, and these rows take the place of theirs. Other tables are made wholesale.
"""

from __future__ import annotations

import duckdb

from warehouse import build
from warehouse.build import BuildError, Params
from warehouse.opening import CATALOG, identifier

LAST_BUILD = "last_build"
_PART = "part"
_ROOMS = ("core", "care")
_TOUCHED = f"{_PART}.main.touched"
_WANTED = f"{_PART}.main.wanted_entry"

_TOLD = ("ledger_act", "recorded_visit", "hukou_answer")
"""Tables of ``prior`` that hold what people and other bureaus said of children since; each has a ``child_id``."""
_TOLD_ANEW = " union ".join(
    f"select child_id from ((from {one}.prior.{table} except from {other}.prior.{table}))"
    for table in _TOLD
    for one, other in ((CATALOG, LAST_BUILD), (LAST_BUILD, CATALOG))
)
# Children whose entries aren't those of the last build, or of whom people said something else; and all ids that are, by
# redirects of now or then, the same child as one of these.
_FIND_TOUCHED = f"""
    create table {_TOUCHED} as
    with recursive moved as (
        select child_id from (
            (select entry_id, child_id from {CATALOG}.link.entry_child
             except select entry_id, child_id from {LAST_BUILD}.link.entry_child)
            union all
            (select entry_id, child_id from {LAST_BUILD}.link.entry_child
             except select entry_id, child_id from {CATALOG}.link.entry_child)
        )
        union
        {_TOLD_ANEW}
    ),
    tie as (
        select child_id, to_child_id as other from {CATALOG}.prior.child_redirect
        union
        select child_id, to_child_id from {LAST_BUILD}.prior.child_redirect
        union
        select child_id, other_child_id from {CATALOG}.link.child_event
        where event in ('merge', 'split') and other_child_id is not null
    ),
    new_tie as (
        (from {CATALOG}.prior.child_redirect except from {LAST_BUILD}.prior.child_redirect)
        union all
        (select child_id, other_child_id from {CATALOG}.link.child_event where event in ('merge', 'split'))
    ),
    touched as (
        select child_id from moved where child_id is not null
        union
        select unnest([child_id, to_child_id]) from new_tie
        union
        select case when tie.child_id = touched.child_id then tie.other else tie.child_id end
        from touched
        join tie on touched.child_id in (tie.child_id, tie.other)
    )
    select distinct child_id from touched where child_id is not null
"""


class Part:
    """The children to be made anew, and the tables already made for them. ``LAST_BUILD`` is attached meanwhile."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        """``con``: to a build whose ``link`` is made and whose other rooms are the last build's."""
        con.execute(f"attach ':memory:' as {_PART}")
        con.execute(_FIND_TOUCHED)
        self.children = _count(con, _TOUCHED)
        for room in sorted({read.split(".")[0] for read in _read_by_child()} | set(_ROOMS)):
            con.execute(f"create schema {_PART}.{room}")
        con.execute(
            f"create table {_PART}.link.entry_child as from {CATALOG}.link.entry_child"
            f" where child_id in (from {_TOUCHED})"
        )
        con.execute(  # theirs, and adults', who are no children and may be somebody's parents
            f"create table {_WANTED} as select entry_id from {CATALOG}.std.entry"
            f" anti join (from {CATALOG}.link.entry_child where child_id not in (from {_TOUCHED})) using (entry_id)"
        )
        for read in sorted(_read_by_child()):
            if read != "link.entry_child" and not _is_by_child(read):
                _show(con, read)  # a room's own table that rests on no link, which isn't made again, among them

    def build_table(self, con: duckdb.DuckDBPyConnection, room: str, table: str, params: Params) -> int:
        """As :func:`warehouse.build.build_table`, with the same rows."""
        name = f"{room}.{table}"
        if not build.statement(room, table).is_by_child:
            rows = build.build_table(con, room, table, params)
            if name in _read_by_child():
                _show(con, name)
            return rows
        con.execute(f"use {_PART}")
        try:
            build.build_table(con, room, table, params)
        finally:
            con.execute(f"use {CATALOG}")
        others = _count(con, f"{_PART}.{name} where (child_id in (from {_TOUCHED})) is not true")
        if others:
            file = build.statement(room, table).file
            raise BuildError(
                f"{file}: says `-- by: child`, and makes {others} rows of children that it wasn't asked of"
            )
        con.execute("begin")
        con.execute(f"delete from {CATALOG}.{name} where child_id in (from {_TOUCHED})")
        con.execute(f"insert into {CATALOG}.{name} by name from {_PART}.{name}")
        con.execute("commit")
        return _count(con, f"{CATALOG}.{name}")

    def drop(self, con: duckdb.DuckDBPyConnection) -> None:
        """Let the part go."""
        con.execute(f"detach {_PART}")


def _show(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Have a table of the build in the part: of the children's entries, of the children themselves, or as it is."""
    columns = {row[0] for row in con.execute(f"describe {CATALOG}.{name}").fetchall()}
    room, table = name.split(".")
    there = f"{_PART}.{room}.{identifier(table)}"
    if room == "std" and "entry_id" in columns:
        con.execute(f"create or replace table {there} as from {CATALOG}.{name} semi join {_WANTED} using (entry_id)")
    elif "child_id" in columns and room in ("prior", *_ROOMS):
        con.execute(f"create or replace view {there} as from {CATALOG}.{name} where child_id in (from {_TOUCHED})")
    else:
        con.execute(f"create or replace view {there} as from {CATALOG}.{name}")


def _read_by_child() -> frozenset[str]:
    """What statements that go by the child read."""
    statements = (build.statement(room, table) for room in _ROOMS for table in build.tables_of(room))
    return frozenset().union(*(each.reads for each in statements if each.is_by_child))


def _is_by_child(name: str) -> bool:
    room, table = name.split(".")
    return room in _ROOMS and build.statement(room, table).is_by_child


def _count(con: duckdb.DuckDBPyConnection, of: str) -> int:
    return int(con.execute(f"select count(*) from {of}").fetchall()[0][0])
