"""The published release that the app shows: opened when it is first asked for, and again when another is in force."""

from __future__ import annotations

import gc
import threading
from dataclasses import dataclass

import duckdb

from policy.period import Period
from stewardship.casebook import Casebook
from stewardship.facts_shown import Seal
from stewardship.queue import Queue
from warehouse import releases
from warehouse.opening import CATALOG
from warehouse.places import Places
from warehouse.releases import NothingPublished
from warehouse.store import Warehouse
from warehouse.stores import asked_cases


@dataclass(frozen=True, slots=True)
class Shown:
    """A release's last period: its cases and how they stand; ``places``: what divisions were called then."""

    release: int
    queue: Queue
    places: Places
    _con: duckdb.DuckDBPyConnection

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own to the published file, read-only. Close it after use."""
        cursor = self._con.cursor()
        cursor.execute(f"use {CATALOG}")
        return cursor

    @property
    def book(self) -> Casebook:
        """The cases themselves."""
        return self.queue.casebook


class Shelf:
    """Gives what is published now. Pages that began with an older release finish with it."""

    def __init__(self, house: Warehouse, jurisdiction: str, seal: Seal) -> None:
        self.house = house
        self._jurisdiction = jurisdiction
        self._seal = seal
        self._shown: Shown | None = None
        self._lock = threading.Lock()

    def shown(self) -> Shown:
        """The last period of the release in force. Raises :class:`NothingPublished`."""
        number = self._number()
        found = self._shown
        if found is None or found.release != number:
            with self._lock:
                found = self._shown
                if found is None or found.release != number:
                    found = self._shown = self._open()
                    _set_aside()
        return found

    def _number(self) -> int:
        """The release in force, from the link alone: asked at every page."""
        link = self.house.home.published
        return int(link.readlink().name) if link.is_symlink() else 0

    def _open(self) -> Shown:
        release = self.house.published()
        if not release.periods:
            raise NothingPublished("Nothing is published yet. Run `childindex run` first.")
        period = max(release.periods)
        entry = release.periods[period]
        con = self.house.read_published(period)
        with releases.reading(period):
            book = Casebook(con, Period.parse(period), release.number, entry.model_version or "")
            places = Places.read(con, book.period.as_of)
        begun_at = releases.begun_at(entry.build_id)
        since = asked_cases.since(self.house.stores, period, book.by_id.keys(), begun_at)
        queue = Queue(book, self.house.stores, begun_at, self._jurisdiction, self._seal, since)
        return Shown(release.number, queue, places, con)


def _set_aside() -> None:
    """Leave a release out of the searches for garbage: everybody would wait while its million objects are looked at.

    Those of the release before are looked at once more, else they would never go.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
