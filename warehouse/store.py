"""The warehouse of one HOME: the one place that opens restricted files, and the way from a build to a release."""

import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import duckdb
import sqlalchemy as sa

from policy.period import Period
from warehouse import analysts, opening, prior, releases
from warehouse.home import Home
from warehouse.lock import WriterLock
from warehouse.opening import CATALOG, Engine
from warehouse.part import LAST_BUILD, Part
from warehouse.releases import NothingPublished, PublishedPeriod, Release
from warehouse.specs import ROOMS
from warehouse.stores import periods, register
from warehouse.stores.engine import open_stores

KEPT_BUILDS = 5
LAST_RELEASE = "last_release"
EARLIER_BUILD = "earlier"


class NoBuild(RuntimeError):
    """Nothing is being built, or something else is."""


@dataclass(frozen=True, slots=True)
class Build:
    """What is being built: a period's file, begun once, perhaps resumed."""

    period: str
    build_id: int
    base: tuple[int, ...]  # builds whose register rows counted when it began


class Warehouse:
    """Opens, builds and publishes the restricted files of one HOME.

    ``begin`` or ``resume`` takes HOME's writer lock, held until ``close``; ``read_published`` needs none.
    ``stores`` is an SQLAlchemy URL; without it the stores are SQLite in HOME.
    """

    def __init__(
        self,
        home: Home | Path | str,
        threads: int = 2,
        memory_limit: str = "4GB",
        stores: str | None = None,
        keep: int = KEPT_BUILDS,
    ) -> None:
        self.home = Home.at(home)
        self.engine = Engine(threads, memory_limit)
        self.keep = keep
        self._stores_url = stores
        self._stores: sa.Engine | None = None
        self._lock = WriterLock(self.home.lock)
        self._con: duckdb.DuckDBPyConnection | None = None
        self._build: Build | None = None

    @property
    def stores(self) -> sa.Engine:
        """The operational stores, opened at first use."""
        if self._stores is None:
            self.home.make()
            self._stores = open_stores(self._stores_url or self.home.stores)
        return self._stores

    @property
    def build(self) -> Build:
        """What is being built now."""
        if self._build is None:
            raise NoBuild("Nothing is being built: call begin(period) or resume(period) first.")
        return self._build

    def begin(self, period: Period | str) -> Build:
        """Start a period's file afresh, with the rooms' empty schemas and ``prior`` filled from what is published.

        Whatever killed builds left, in HOME and in the stores, is removed first. Raises ``HomeBusy`` where another
        process writes, ``PeriodClosed`` where the period is closed.
        """
        key = _key(period)
        release = self._take_over(key)
        _remove_database(self.home.building_file(key))
        self._open_building(key, Build(key, releases.new_build_id(release), release.builds_in_force))
        con = self.cursor()
        con.execute("begin")  # one wait for the disk instead of eight
        for room in (*ROOMS, "policy"):
            con.execute(f"create schema {room}")
        con.execute("commit")
        self._fill_prior(con, release, key)
        return self.build

    def resume(self, period: Period | str) -> Build:
        """Go on with a period's unfinished file; where there is none, with a copy of the published one.

        It becomes a build of its own, with ``prior`` filled anew: between the two, a person may have decided something.
        """
        key = _key(period)
        release = self._take_over(key)
        file = self.home.building_file(key)
        if not file.exists():
            self._copy_published(release, key)
        self._open_building(key, Build(key, releases.new_build_id(release), release.builds_in_force))
        self._fill_prior(self.cursor(), release, key)
        return self.build

    def go_on(self, period: Period | str) -> Build:
        """Go on with a copy of the period's published file, as a build of its own, with ``prior`` filled anew."""
        key = _key(period)
        release = self._take_over(key)
        _remove_database(self.home.building_file(key))
        self._copy_published(release, key)
        self._open_building(key, Build(key, releases.new_build_id(release), release.builds_in_force))
        self._fill_prior(self.cursor(), release, key)
        return self.build

    def part(self) -> Part:
        """What links that aren't those published change of the rooms behind ``link``, once that is made."""
        con = self.cursor()
        opening.attach(con, self._published_file(self.published(), self.build.period), LAST_BUILD, read_only=True)
        try:
            return Part(con)
        finally:
            con.execute(f"detach {LAST_BUILD}")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Give a connection to the file being built, which is its default catalog: write ``std.entry``.

        DuckDB's own ``cursor()`` forgets the default catalog; take cursors from here.
        """
        if self._con is None:
            raise NoBuild("Nothing is being built: call begin(period) or resume(period) first.")
        cursor = self._con.cursor()
        cursor.execute(f"use {CATALOG}")
        return cursor

    @contextmanager
    def last_release(self, *, is_own: bool = False) -> Iterator[str | None]:
        """Have the last earlier period's file beside the one being built, as the catalog ``last_release``, read-only.

        ``is_own``: the period's own published file, which a build goes on from.
        Yields why not, where it can't be gone on from: its register rows must be the last that say whose a fact is.
        """
        file, hindrance = self._last_file(is_own)
        if file is None or self._con is None:
            yield hindrance
            return
        opening.attach(self._con, file, LAST_RELEASE, read_only=True)
        try:
            yield None
        finally:
            if self._con is not None:
                self._con.execute(f"detach {LAST_RELEASE}")

    def _last_file(self, is_own: bool) -> tuple[Path | None, str | None]:
        period, release = self.build.period, self.published()
        earlier = period if is_own else release.last_before(period)
        if earlier is None:
            return None, "there is no last release to go on from"
        if period in release.periods and not is_own:
            return None, "the period is built again"
        if release.periods[earlier].build_id != max(release.builds_in_force):
            return None, "an older period was built after the last one"
        return self._published_file(release, earlier), None

    def publish(
        self,
        period: Period | str,
        *,
        run_id: str | None = None,
        model_version: str | None = None,
        rule_versions: Mapping[str, str] | None = None,
        counts: Mapping[str, int] | None = None,
        inputs: Mapping[str, str] | None = None,
    ) -> Release:
        """Put the built file in force, with every other published period and the analysts' database made anew.

        Writes this build's rows of the register, closes the file, makes the release beside the old one, and renames.
        The lock stays with this warehouse. Gates are the caller's: what comes here has passed them.
        """
        build = self.build
        if build.period != _key(period):
            raise NoBuild(f"{_key(period)}: not what is being built, which is {build.period}.")
        with ThreadPoolExecutor(1) as beside:  # the file goes to the disk while the register's rows are read from it
            writing = beside.submit(self.cursor().execute, f"checkpoint {CATALOG}")
            written = register.record(self.stores, self.cursor(), build.build_id, build.period)
            writing.result()
        file = self._finish_building()
        entry = PublishedPeriod(
            build_id=build.build_id,
            base=build.base,
            published_at=releases.utc_now(),
            run_id=run_id,
            model_version=model_version,
            rule_versions=dict(rule_versions or {}),
            counts=dict(counts or {}),
            register=written,
            inputs=dict(inputs or {}),
        )
        release = self._release(build.period, file, entry, "publish", None)
        file.unlink()
        return release

    def rollback(self, period: Period | str, reason: str) -> Release:
        """Make a release with the period's earlier file; what other periods were built on goes on counting."""
        key = _key(period)
        now = self._take_over(key)
        file, entry = releases.earlier_build(self.home, now, key)
        return self._release(key, file, entry, "rollback", reason)

    def discard(self) -> None:
        """Close the file being built and remove it: nothing of it is to be published or gone on from."""
        file = self.home.building_file(self.build.period)
        if self._con is not None:
            self._close_building(self._con)
        self._build = None
        _remove_database(file)

    def published(self) -> Release:
        """Read the manifest of the release in force."""
        return releases.in_force(self.home)

    def read_published(self, period: Period | str) -> duckdb.DuckDBPyConnection:
        """Open a published period read-only, as the default catalog of a connection of its own. Close it after use."""
        release = self.published()
        key = _key(period)
        if key not in release.periods:
            known = ", ".join(release.periods) or "nothing"
            raise NothingPublished(f"{key} 尚未发布: not published; published is {known}. Run `childindex run` for it.")
        con = opening.connect(self.engine, self.home.spill)
        opening.attach(con, self._published_file(release, key), CATALOG, read_only=True)
        con.execute(f"use {CATALOG}")
        return con

    @contextmanager
    def reading(self, period: Period | str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend what :meth:`read_published` opens. Raises ``ReleaseTooOld`` where what is asked isn't in it."""
        with self.read_published(period) as con, releases.reading(_key(period)):
            yield con

    def read_beside_earlier(self, period: Period | str) -> tuple[duckdb.DuckDBPyConnection, PublishedPeriod]:
        """Open a published period as :meth:`read_published` does, and as ``earlier`` the build of it that was before.

        Gives that one's manifest entry too. Raises NothingPublished where none is kept.
        """
        file, entry = releases.earlier_build(self.home, self.published(), _key(period))
        con = self.read_published(period)
        opening.attach(con, file, EARLIER_BUILD, read_only=True)
        return con, entry

    def close(self) -> None:
        """Close the file being built, which can be resumed, and give up the lock."""
        try:
            if self._con is not None:
                self._close_building(self._con)
        finally:
            self._build = None
            self._lock.release()
            if self._stores is not None:
                self._stores.dispose()
                self._stores = None

    def __enter__(self) -> "Warehouse":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take_over(self, period: str) -> Release:
        """Become the one writer, of a period that isn't closed, and remove what killed ones left."""
        if self._con is not None:
            raise NoBuild(f"{self.build.period} is being built: publish or close it first.")
        self.home.make()
        self._lock.take()
        periods.check_open(self.stores, period)
        releases.clean(self.home)
        release = self.published()
        for left in self.home.building.glob("*.copying*"):
            left.unlink()
        for file in self.home.building.glob("*.duckdb"):
            if file.stat().st_nlink > 1:  # published by a process killed before it could remove this name of it
                file.unlink()
        shutil.rmtree(self.home.spill)
        self.home.make()
        register.purge(self.stores, release.builds_ever_published)
        return release

    def _copy_published(self, release: Release, period: str) -> None:
        """Have a copy of the period's published file to build on."""
        if period not in release.periods:
            raise NothingPublished(f"{period}: neither an unfinished build nor a release to go on from. Begin it.")
        file = self.home.building_file(period)
        copy = file.with_suffix(".copying")
        shutil.copyfile(self._published_file(release, period), copy)
        copy.chmod(0o600)
        copy.rename(file)

    def _published_file(self, release: Release, period: str) -> Path:
        return releases.folder(self.home, release.number) / f"{period}.duckdb"

    def _open_building(self, period: str, build: Build) -> None:
        con = opening.connect(self.engine, self.home.spill)
        opening.attach(con, self.home.building_file(period), CATALOG, read_only=False)
        self._con, self._build = con, build

    def _fill_prior(self, con: duckdb.DuckDBPyConnection, release: Release, period: str) -> None:
        earlier = release.last_before(period)
        file = self._published_file(release, earlier) if earlier else None
        own = self._published_file(release, period) if period in release.periods else None
        prior.fill(con, self.stores, release, period, file, own)

    def _finish_building(self) -> Path:
        """Write everything into the one file and close it; return it."""
        file = self.home.building_file(self.build.period)
        if self._con is not None:
            self._con.execute(f"checkpoint {CATALOG}")
            self._close_building(self._con)
        self._build = None
        if file.with_name(file.name + ".wal").exists():
            raise RuntimeError(f"{file.name}: has a write-ahead log after its checkpoint; a cursor is still writing.")
        return file

    def _close_building(self, con: duckdb.DuckDBPyConnection) -> None:
        """Detach before closing: cursors that somebody still holds can then write no more."""
        self._con = None
        try:
            con.execute(f"detach {CATALOG}")
        finally:
            con.close()

    def _release(self, period: str, file: Path, entry: PublishedPeriod, act: str, reason: str | None) -> Release:
        """Make and put in force the release that has this file for the period and the present ones for the others."""
        now = self.published()
        release = releases.with_period(now, period, entry, act, reason)
        made = releases.folder(self.home, release.number).with_suffix(".tmp")
        made.mkdir(mode=0o755)
        for other in release.periods:
            source = file if other == period else self._published_file(now, other)
            (made / f"{other}.duckdb").hardlink_to(source)
        file.chmod(0o400)
        self._make_analysts(made, list(release.periods))
        releases.put_in_force(self.home, release, made)
        releases.prune(self.home, release, self.keep)
        return release

    def _make_analysts(self, made: Path, periods: list[str]) -> None:
        con = opening.connect(self.engine, self.home.spill)
        try:
            for period in periods:
                opening.attach(con, made / f"{period}.duckdb", period, read_only=True)
            analysts.make(con, made / releases.ANALYSTS, periods)
        finally:
            con.close()


def _key(period: Period | str) -> str:
    """Take a period or its key; a key of the wrong shape is an error that says the shape."""
    return str(period if isinstance(period, Period) else Period.parse(period))


def _remove_database(file: Path) -> None:
    """Remove a DuckDB file and its log."""
    file.unlink(missing_ok=True)
    file.with_name(file.name + ".wal").unlink(missing_ok=True)
