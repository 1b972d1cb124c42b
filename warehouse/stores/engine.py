"""Opens the operational stores: SQLite in HOME by default, any SQLAlchemy URL (PostgreSQL) by configuration."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from warehouse.stores.tables import SCHEMA_VERSION, metadata, schema_version


class StoreVersionUnknown(RuntimeError):
    """The stores were written by a version of the project that this one doesn't know."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"The operational stores have schema version {found}; this program knows up to {SCHEMA_VERSION}. "
            "Install the version that wrote them, or a newer one."
        )


def open_stores(place: Path | str) -> sa.Engine:
    """Open the stores, making tables where there are none.

    ``place`` is the folder of the SQLite file ``operations.db``, or an SQLAlchemy URL.
    """
    if isinstance(place, Path):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = place / "operations.db"
        file.touch(mode=0o600)
        engine = sa.create_engine(sa.URL.create("sqlite", database=str(file)))
    else:
        engine = sa.create_engine(place)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _tune_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    _make_or_check(engine)
    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that writes, all or nothing. On SQLite it takes its turn at once rather than fail midway."""
    with engine.connect().execution_options(child_index_writes=True) as connection, connection.begin():
        yield connection


def now() -> datetime:
    """The time of writing, UTC, as the stores keep it (without zone)."""
    return datetime.now(UTC).replace(tzinfo=None)


def _tune_sqlite(connection: Any, _record: object) -> None:
    """Readers beside one writer, waiting their turn; a committed row survives a power cut (synchronous FULL)."""
    connection.isolation_level = None  # else the driver leaves DDL outside of transactions
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"pragma {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """Begin for real, see :func:`_tune_sqlite`; a writer that began as a reader could find itself behind another."""
    writes = connection.get_execution_options().get("child_index_writes", False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def _make_or_check(engine: sa.Engine) -> None:
    """Make every table in one transaction, or compare the version written in them with ours."""
    with engine.connect() as connection:
        made = sa.inspect(connection).has_table(schema_version.name)
    if not made:
        with writing(engine) as connection:
            if not sa.inspect(connection).has_table(schema_version.name):  # another process may have been first
                metadata.create_all(connection, checkfirst=False)
                connection.execute(schema_version.insert().values(version=SCHEMA_VERSION, at=now()))
    with engine.connect() as connection:
        found = connection.execute(sa.select(sa.func.max(schema_version.c.version))).scalar_one()
    if found is None or found > SCHEMA_VERSION:
        raise StoreVersionUnknown(found or 0)
