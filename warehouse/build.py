"""Runs the SQL files of a room: one statement a table, bound parameters, in the order their reads ask for."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import resources

import duckdb

_BY_CHILD = re.compile(r"^--\s*by:\s*child\s*$", re.IGNORECASE | re.MULTILINE)
_READS = re.compile(r"^--\s*reads\b:?(.*)$", re.IGNORECASE)
_TABLE = re.compile(r"\b[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\b")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LOOKUP = re.compile(r"\(\$([a-z][a-z0-9_]*)\)")

Params = Mapping[str, object]


class BuildError(RuntimeError):
    """A table's SQL can't be run as asked."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One table's SQL file: a bare ``select``."""

    room: str
    table: str
    sql: str
    reads: frozenset[str]  # room.table, from the `-- reads` header
    params: frozenset[str]  # names bound as $name
    is_by_child: bool = False  # `-- by: child`: a child's rows rest on no other child's, see warehouse.part

    @property
    def file(self) -> str:
        """Where a reader finds it."""
        return f"warehouse/sql/{self.room}/{self.table}.sql"


@cache
def statement(room: str, table: str) -> Statement:
    """Read one table's statement. Raises :class:`BuildError` where it is not exactly one ``select``."""
    if not (_NAME.fullmatch(room) and _NAME.fullmatch(table)):
        raise BuildError(f"{room}.{table}: not a table's name")
    file = resources.files("warehouse") / "sql" / room / f"{table}.sql"
    if not file.is_file():
        raise BuildError(f"{room}.{table}: no warehouse/sql/{room}/{table}.sql; {room} has {sorted(tables_of(room))}")
    sql = with_lookups(file.read_text(encoding="utf-8"))
    parsed = duckdb.extract_statements(sql)
    if len(parsed) != 1 or parsed[0].type != duckdb.StatementType.SELECT:
        raise BuildError(
            f"warehouse/sql/{room}/{table}.sql: expected one bare select, found {len(parsed)} statement(s)"
        )
    by_child = _BY_CHILD.search(sql) is not None
    return Statement(room, table, sql, frozenset(_reads(sql)), frozenset(parsed[0].named_parameters), by_child)


def with_lookups(sql: str) -> str:
    """Put the queries of ``warehouse/sql/lookup`` in where ``sql`` names them: ``join ($township_name) as called``."""
    known = tables_of("lookup")
    return _LOOKUP.sub(lambda named: f"({statement('lookup', named[1]).sql})" if named[1] in known else named[0], sql)


def _reads(sql: str) -> Iterator[str]:
    """The tables after `-- reads`, over the comment lines that follow too, until another `word:` heading."""
    going = False
    for line in sql.splitlines():
        if not line.startswith("--"):
            if line.strip():
                return
            continue
        if headed := _READS.match(line):
            going = True
            yield from _TABLE.findall(headed[1])
        elif re.match(r"--\s*[a-z]+:", line, re.IGNORECASE):
            going = False
        elif going:
            yield from _TABLE.findall(line)


def tables_of(room: str) -> tuple[str, ...]:
    """Names of the tables that a room has SQL for, by name."""
    folder = resources.files("warehouse") / "sql" / room
    if not folder.is_dir():
        return ()
    return tuple(sorted(file.name.removesuffix(".sql") for file in folder.iterdir() if file.name.endswith(".sql")))


@cache
def order(room: str) -> tuple[str, ...]:
    """Give the room's tables so that each comes after those it reads; by name where it doesn't matter."""
    names = tables_of(room)
    graph = TopologicalSorter[str]()
    for name in names:
        own = {f"{room}.{other}" for other in names} - {f"{room}.{name}"}
        graph.add(name, *sorted(read.split(".")[1] for read in statement(room, name).reads & own))
    try:
        graph.prepare()
    except CycleError as error:
        raise BuildError(f"{room}: tables read each other in a circle: {' -> '.join(error.args[1])}") from None
    ordered: list[str] = []
    while graph.is_active():
        ready = sorted(graph.get_ready())
        ordered += ready
        graph.done(*ready)
    return tuple(ordered)


def build_table(con: duckdb.DuckDBPyConnection, room: str, table: str, params: Params | None = None) -> int:
    """Replace ``room.table`` wholesale by what its SQL file selects; return the number of rows.

    ``params`` may hold more than this statement binds, so that a room is built with one set. One that is missing raises
    :class:`BuildError`. The schema is made if need be.
    """
    made_by = statement(room, table)
    given = params or {}
    if missing := made_by.params - given.keys():
        raise BuildError(f"{made_by.file}: binds {sorted(made_by.params)}; not given: {sorted(missing)}")
    con.execute(f"create schema if not exists {room}")
    bound = {name: given[name] for name in made_by.params}
    try:
        with _in_any_order(con):
            con.execute(f"create or replace table {room}.{table} as\n{made_by.sql}", bound)
    except duckdb.Error as error:
        raise BuildError(f"{made_by.file}: {_without_values(error)}") from None
    counted = con.execute(f"select count(*) from {room}.{table}").fetchone()
    return int(counted[0]) if counted else 0


@contextmanager
def _in_any_order(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let threads write rows as they come, but for an ``order by``: else one thread does a whole join or window.

    The setting is the database's, not the connection's; other rooms' steps number rows as they lie.
    """
    con.execute("set preserve_insertion_order = false")
    try:
        yield
    finally:
        con.execute("reset preserve_insertion_order")


def build_room(
    con: duckdb.DuckDBPyConnection,
    room: str,
    params: Params | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> dict[str, int]:
    """Build every table of a room in order; return rows by table. ``progress`` is told each table and its rows."""
    rows: dict[str, int] = {}
    for table in order(room):
        rows[table] = build_table(con, room, table, params)
        if progress:
            progress(table, rows[table])
    return rows


def _without_values(error: duckdb.Error) -> str:
    """Say what DuckDB says of the statement's shape; other errors may quote a row's value, so their kind alone."""
    shape = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.OutOfMemoryException)
    return str(error).splitlines()[0] if isinstance(error, shape) else f"{type(error).__name__} (values withheld)"
