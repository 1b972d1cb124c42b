"""Dagster's event log in SQLite with its connections kept open: Dagster's own opens one for every event it stores.

A run opened some two thousand, in three of every five seconds that Dagster added to it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import sqlalchemy as sa
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData


class KeptEventLog(SqliteEventLogStorage):
    """The same files as Dagster's own, so that its pages read them; one connection kept for each."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, sa.Engine] = {}
        self._seen_tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Made from the instance's configuration; Dagster's own method names its own class."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        if shard not in self._initialized_dbs:  # Dagster's own makes the file and its tables
            with super()._connect(shard):
                pass
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            self._engines[shard] = sa.create_engine(
                self.conn_string_for_shard(shard), pool_size=1, max_overflow=0, connect_args={"timeout": 60}
            )
        return self._engines[shard]

    def has_table(self, table_name: str) -> bool:
        """Whether the log that all runs share has the table; asked for every asset, and a table stays."""
        if table_name not in self._seen_tables and super().has_table(table_name):
            self._seen_tables.add(table_name)
        return table_name in self._seen_tables

    def dispose(self) -> None:
        """Close what was kept."""
        super().dispose()
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
