"""What a run changed in the list of migrant children, against the run of the same period before it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from policy.period import Period
from stewardship.casebook import Row, rows_of, sql
from warehouse.releases import NothingPublished
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class RunChange:
    """Two builds of one period. ``children``: one row a child whose status or county differs."""

    earlier_at: str  # UTC, as manifests keep it
    earlier_counts: Mapping[str, int]
    children: Sequence[Row]


class RunChanges:
    """Compares the release in force once: a page asks for its counties' part."""

    def __init__(self) -> None:
        self._release = -1
        self._found: RunChange | None = None
        self._lock = threading.Lock()

    def of(self, house: Warehouse, release: int, period: Period) -> RunChange | None:
        """What changed; None where no earlier run of the period is kept, or another version of the project made it."""
        with self._lock:
            if release != self._release:
                self._found, self._release = _compare(house, period), release
            return self._found


def _compare(house: Warehouse, period: Period) -> RunChange | None:
    try:
        con, earlier = house.read_beside_earlier(period)
    except NothingPublished:
        return None
    try:
        return RunChange(earlier.published_at, earlier.counts, rows_of(con, sql("run_change")))
    except (duckdb.CatalogException, duckdb.BinderException):
        return None
    finally:
        con.close()
