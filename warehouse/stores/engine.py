"""Opens the operational stores: SQLite in HOME by default, any SQLAlchemy URL (PostgreSQL) by configuration."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from warehouse.stores import migrations

_TURN = 4_290_061_300  # PostgreSQL's advisory lock of the stores; any number that nobody else takes
_TAKE_TURN = sa.select(sa.func.pg_advisory_xact_lock(_TURN))
_turns: WeakKeyDictionary[sa.Engine, threading.RLock] = WeakKeyDictionary()


class StoreVersionUnknown(RuntimeError):
    """The stores were written by a version of the project that this one doesn't know."""

    def __init__(self, found: int) -> None:
        known = migrations.SCHEMA_VERSION
        super().__init__(
            f"The operational stores have schema version {found}; this program knows up to {known}. "
            "Install the version that wrote them, or a newer one."
        )


def open_stores(place: Path | str) -> sa.Engine:
    """Open the stores, making tables where there are none and bringing those of an earlier version up to date.

    ``place`` is the folder of the SQLite file ``operations.db``, or an SQLAlchemy URL. What a statement was given is in
    no error's text: natural keys may be citizen numbers.
    """
    if isinstance(place, Path):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = place / "operations.db"
        file.touch(mode=0o600)
        engine = sa.create_engine(sa.URL.create("sqlite", database=str(file)), hide_parameters=True)
    else:
        engine = sa.create_engine(place, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _tune_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:  # to begin and to end a reading of one statement would be two more ways to the server and back
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    sa.event.listen(engine, "handle_error", _leave_out_the_row)
    _make_or_check(engine)
    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that writes, all or nothing. On SQLite it takes its turn at once rather than fail midway.

    Threads of one process wait for one another here: SQLite's own waiting looks again only every tenth of a second.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    turn = _turns.setdefault(engine, threading.RLock()) if is_sqlite else nullcontext()
    options: dict[str, Any] = {"child_index_writes": True} if is_sqlite else {"isolation_level": "READ COMMITTED"}
    with turn, engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One state of the stores for several statements, or for one whose many rows come in parts.

    For anything else a plain ``engine.connect()`` will do: each of its statements sees what was written before it.
    """
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def take_turn(connection: sa.Connection) -> None:
    """Wait until no other transaction of PostgreSQL holds the turn; it is held until this one ends.

    For what must see everything written before it: the audit's chain, two answers to one case. SQLite's writers take
    turns by themselves. Taken twice in one transaction it is taken once.
    """
    transaction = connection.get_transaction()
    if connection.dialect.name == "postgresql" and connection.info.get(_TURN) is not transaction:
        connection.execute(_TAKE_TURN)
        connection.info[_TURN] = transaction


def now() -> datetime:
    """The time of writing, UTC, as the stores keep it (without zone)."""
    return datetime.now(UTC).replace(tzinfo=None)


def _tune_sqlite(connection: Any, _record: object) -> None:
    """Readers beside one writer, waiting their turn; a committed row survives a power cut (synchronous FULL)."""
    connection.isolation_level = None  # else the driver leaves DDL outside of transactions
    # recursive_triggers: else `insert or replace` removes a signed row without asking its trigger
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "recursive_triggers=ON"):
        connection.execute(f"pragma {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """Begin for real, see :func:`_tune_sqlite`; a writer that began as a reader could find itself behind another."""
    writes = connection.get_execution_options().get("child_index_writes", False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def _leave_out_the_row(context: sa.ExceptionContext) -> None:
    """Keep of PostgreSQL's errors their first line: the next one, DETAIL, quotes the row that failed."""
    failed, told = context.original_exception, context.sqlalchemy_exception
    first = getattr(getattr(failed, "diag", None), "message_primary", None)
    if first and told is not None:
        whole = str(failed)
        failed.args = (first,)
        told.args = tuple(str(part).replace(whole, first) for part in told.args)


def _make_or_check(engine: sa.Engine) -> None:
    """Bring the stores to our version in one transaction, unless they are there or newer."""
    with engine.connect() as connection:
        found = migrations.version(connection)
    if found is None or 0 < found < migrations.SCHEMA_VERSION:
        with writing(engine) as connection:
            take_turn(connection)
            found = migrations.version(connection)  # another process may have been first
            if found is None or 0 < found < migrations.SCHEMA_VERSION:
                migrations.upgrade(connection, found, now())
                return
    if found != migrations.SCHEMA_VERSION:
        raise StoreVersionUnknown(found)
