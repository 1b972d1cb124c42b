"""Releases: numbered folders of published files, their manifest, and the one rename that puts a release in force.

A release folder is complete before it gets its number, and never changes after. Killed at any moment, a publish leaves
the last release in force and leftovers (``NNNN.tmp``, a number above the one in force) that :func:`clean` removes.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.home import Home

_NUMBERED = re.compile(r"[0-9]{4,}")
MANIFEST = "release.json"
ANALYSTS = "analysts.duckdb"


class NothingPublished(LookupError):
    """There is no release, or none of this period, to read or go back to."""


class ReleaseTooOld(RuntimeError):
    """A release lacks a table or column that is read of it: another version of the project published it."""

    def __init__(self, period: str, lacks: str) -> None:
        super().__init__(
            f"{period} 由其他版本的程序发布，没有此处要读的内容，请重新运行该期。 Published by another version of the "
            f"program, {period} doesn't have what is read here ({lacks}). Run the period again: "
            f"childindex run --period {period}"
        )


class ReleaseBroken(RuntimeError):
    """What ``published`` names isn't a whole release; someone changed HOME by hand."""


@dataclass(frozen=True, slots=True)
class PublishedPeriod:
    """One period of a release: which build its file is, and what made it."""

    build_id: int
    base: tuple[int, ...]  # builds whose register rows counted when this one began
    published_at: str  # UTC
    run_id: str | None = None
    model_version: str | None = None
    rule_versions: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    register: Mapping[str, int] = field(default_factory=dict)  # rows it wrote in the stores, by table
    inputs: Mapping[str, str] = field(default_factory=dict)  # digests of what it was made of, see pipelines.inputs


@dataclass(frozen=True, slots=True)
class Act:
    """One line of a HOME's history of releases."""

    release: int
    act: str  # publish | rollback
    period: str
    build_id: int
    at: str  # UTC
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A release's manifest, ``release.json``."""

    number: int = 0  # 0: nothing published yet
    periods: Mapping[str, PublishedPeriod] = field(default_factory=dict)
    history: tuple[Act, ...] = ()

    @property
    def builds_in_force(self) -> tuple[int, ...]:
        """Builds whose register rows count, oldest first: those of the periods' files and those they were built on."""
        return tuple(sorted({build for each in self.periods.values() for build in (*each.base, each.build_id)}))

    @property
    def builds_ever_published(self) -> frozenset[int]:
        """Builds whose rows stay in the stores, in force or not."""
        return frozenset(act.build_id for act in self.history) | frozenset(self.builds_in_force)

    def last_before(self, period: str) -> str | None:
        """Return the last published period that is earlier than this one."""
        return max((each for each in self.periods if each < period), default=None)


def utc_now() -> str:
    """The time as manifests keep it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_build_id(release: Release) -> int:
    """Number a build by when it began (UTC, ``YYYYMMDDhhmmss`` and milliseconds), always above those before."""
    begun = int(datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")[:17])
    return max([begun, *(build + 1 for build in release.builds_ever_published)])


def begun_at(build_id: int) -> datetime:
    """When a build began, UTC without zone, which its number says."""
    return datetime.strptime(f"{build_id}000", "%Y%m%d%H%M%S%f").replace(tzinfo=UTC).replace(tzinfo=None)


def folder(home: Home, number: int) -> Path:
    """Where a release lies."""
    return home.releases / f"{number:04d}"


def in_force(home: Home) -> Release:
    """Read the manifest of the release in force; an empty one where nothing is published."""
    if not home.published.is_symlink():
        return Release()
    return read(home.published.resolve())


@contextmanager
def reading(period: str) -> Iterator[None]:
    """Read a published period within: what it lacks ends in :class:`ReleaseTooOld`, not in DuckDB's words."""
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise ReleaseTooOld(period, str(error).splitlines()[0]) from None


def read(place: Path) -> Release:
    """Read one release folder's manifest."""
    file = place / MANIFEST
    try:
        said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        periods = {
            period: PublishedPeriod(**{**entry, "base": tuple(entry["base"])})
            for period, entry in said["periods"].items()
        }
        return Release(said["number"], periods, tuple(Act(**act) for act in said["history"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseBroken(
            f"{file}: expected a release's manifest, found {type(error).__name__}. Releases are not edited by hand: "
            f"point {place.parent.parent / 'published'} at an earlier folder of {place.parent} that is whole."
        ) from None


def with_period(release: Release, period: str, entry: PublishedPeriod, act: str, reason: str | None) -> Release:
    """Give the release that comes after this one, with one period set."""
    number = release.number + 1
    line = Act(number, act, period, entry.build_id, utc_now(), reason)
    periods = dict(sorted({**release.periods, period: entry}.items()))
    return replace(release, number=number, periods=periods, history=(*release.history, line))


def earlier_build(home: Home, release: Release, period: str) -> tuple[Path, PublishedPeriod]:
    """Find the period's file before the one in force, with its manifest entry.

    Earlier means: published before the build in force was first published, so that going back twice goes back twice.
    """
    if period not in release.periods:
        raise NothingPublished(f"{period}: not published, so there is nothing to go back from.")
    current = release.periods[period].build_id
    published = [act.build_id for act in release.history if act.period == period and act.act == "publish"]
    for build in reversed(published[: published.index(current)]):
        for number in sorted(numbers(home), reverse=True):
            entry = read(folder(home, number)).periods.get(period)
            if entry is not None and entry.build_id == build:
                return folder(home, number) / f"{period}.duckdb", entry
    raise NothingPublished(
        f"{period}: no file earlier than the one in force (build {current}) is kept. Run the period again instead."
    )


def put_in_force(home: Home, release: Release, made: Path) -> None:
    """Number the finished folder ``made`` and point ``published`` at it: one rename, on which everything hangs.

    All that the release needs is on the disk before the rename, and the rename before this returns.
    """
    manifest = made / MANIFEST
    manifest.write_text(json.dumps(asdict(release), ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
    for file in made.iterdir():
        _sync(file)
    _sync(made)
    numbered = folder(home, release.number)
    made.rename(numbered)
    _sync(home.releases)
    link = home.root / "published.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(numbered.relative_to(home.root))
    os.replace(link, home.published)  # noqa: PTH105  (says in a word that it is the atomic one)
    _sync(home.root)


def numbers(home: Home) -> list[int]:
    """Numbers of the release folders there are."""
    return sorted(int(each.name) for each in home.releases.iterdir() if _NUMBERED.fullmatch(each.name))


def clean(home: Home) -> None:
    """Remove what a killed publish left: unfinished folders, and folders above the release in force."""
    (home.root / "published.tmp").unlink(missing_ok=True)
    now = in_force(home).number
    for left in home.releases.iterdir():
        if left.name.endswith(".tmp") or (_NUMBERED.fullmatch(left.name) and int(left.name) > now):
            shutil.rmtree(left)


def prune(home: Home, release: Release, keep: int) -> None:
    """Remove old releases, but those that hold one of the last ``keep`` builds of a period.

    The one before also stays: somebody may have looked up which is in force, and be about to open it.
    """
    needed = {release.number, release.number - 1}
    found = {number: read(folder(home, number)).periods for number in numbers(home) if number <= release.number}
    for period in release.periods:
        published = [act.build_id for act in release.history if act.period == period and act.act == "publish"]
        for build in list(dict.fromkeys(reversed(published)))[:keep]:
            holding = [
                number for number, periods in found.items() if period in periods and periods[period].build_id == build
            ]
            needed |= {max(holding)} if holding else set()
    for number in set(found) - needed:
        doomed = folder(home, number).rename(folder(home, number).with_suffix(".tmp"))
        shutil.rmtree(doomed)


def _sync(path: Path) -> None:
    """Have the file's or folder's content on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
