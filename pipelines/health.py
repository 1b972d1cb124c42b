"""What ``childindex doctor`` looks at: each finding says what was found and, where it is bad, what to do."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import sqlalchemy as sa

from connectors import specs
from connectors.errors import SpecError
from pipelines import site as settings
from pipelines.site import Site, SiteError
from warehouse import keys
from warehouse.home import Home
from warehouse.keys import KeyFault
from warehouse.lock import HomeBusy, WriterLock

_FREE_GIB = 5  # a county's two periods with five releases kept
_UNITS = {"MiB": 2**20, "GiB": 2**30, "MB": 10**6, "GB": 10**9}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``do`` says how to mend it and is empty where it is good."""

    what: str
    good: bool
    found: str
    do: str = ""


def examine(home: Path) -> list[Finding]:
    """Look at everything; nothing is changed, and one bad finding hides no other."""
    found = [_python(), _library("duckdb", (1, 5), (2, 0)), _library("sqlalchemy", (2, 0), (2, 1)), _fonts()]
    found += _folder(home)
    site, finding = _settings(home)
    found.append(finding)
    found.append(_feed_specs(home))
    if site is not None:
        found += [_inbox(site), _memory(site), *_databases(site)]
    return found


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), version, "Install Python 3.11 or later.")


def _library(name: str, at_least: tuple[int, int], below: tuple[int, int]) -> Finding:
    version = importlib.metadata.version(name)
    major, minor = (int(part) for part in version.split(".")[:2])
    wanted = f"{'.'.join(map(str, at_least))} or later, before {'.'.join(map(str, below))}"
    good = at_least <= (major, minor) < below
    return Finding(name, good, version, f"Wanted: {wanted}. Install with -c constraints.txt.")


def _fonts() -> Finding:
    listing = shutil.which("fc-list")
    fonts = subprocess.run([listing, ":lang=zh", "family"], capture_output=True, text=True).stdout if listing else ""  # noqa: S603
    many = len(fonts.splitlines())
    advice = "Needed to print pages in Chinese from this machine: apt-get install fonts-noto-cjk"
    return Finding("中文字体 Chinese fonts", True, f"{many} found" if many else f"none. {advice}")


def _folder(home: Path) -> Iterator[Finding]:
    nearest = next(each for each in (home.absolute(), *home.absolute().parents) if each.exists())
    writable = os.access(nearest, os.W_OK)
    yield Finding("目录 folder", writable, str(home), f"This user can't write {nearest}. Choose another --home.")
    free = shutil.disk_usage(nearest).free / 2**30
    advice = f"Under {_FREE_GIB} GiB: free some, or lower keep_releases in site.yaml."
    yield Finding("磁盘 disk free", free >= _FREE_GIB, f"{free:.0f} GiB", advice)
    if not (home / "stores").exists():
        yield Finding("密钥 keys", True, "made at the first run, outside this folder")
        return
    try:
        place = keys.folder(home)
        yield Finding("密钥 keys", True, str(place) if place.exists() else "made at the next run")
    except KeyFault as error:
        yield Finding("密钥 keys", False, "can't be used", str(error))
    yield _lock(home)


def _lock(home: Path) -> Finding:
    lock = WriterLock(Home.at(home).lock)
    if not lock.path.parent.exists():
        return Finding("运行 run", True, "none going on")
    try:
        with lock:
            return Finding("运行 run", True, "none going on")
    except HomeBusy as error:
        return Finding("运行 run", True, str(error))
    except OSError as error:
        advice = "The file system can't lock files. Put HOME on a local disk."
        return Finding("运行 run", False, type(error).__name__, advice)


def _settings(home: Path) -> tuple[Site | None, Finding]:
    try:
        site = settings.load(home)
    except SiteError as error:
        return None, Finding("site.yaml", False, "can't be read", str(error))
    if site is None:
        return None, Finding("site.yaml", False, "missing", f"Make it: childindex init --home {home}")
    return site, Finding("site.yaml", True, f"jurisdiction {site.jurisdiction}")


def _feed_specs(home: Path) -> Finding:
    own = home / "feeds"
    try:
        known = specs.load(own if own.is_dir() else None)
    except SpecError as error:
        return Finding("feeds/", False, "a feed spec can't be read", str(error))
    return Finding("feeds/", True, f"{len(known)} tables")


def _inbox(site: Site) -> Finding:
    good = site.inbox.is_dir()
    found = f"{site.inbox}: {len(list(site.inbox.iterdir()))} periods" if good else f"{site.inbox}: missing"
    return Finding("收件目录 inbox", good, found, "Make the folder, or write the right one into site.yaml.")


def _memory(site: Site) -> Finding:
    stated = site.parameters.memory
    unit = next(unit for unit in _UNITS if stated.endswith(unit))
    wanted = float(stated.removesuffix(unit)) * _UNITS[unit]
    total = psutil.virtual_memory().total
    found = f"{total / 2**30:.0f} GiB, the database may use {stated}"
    return Finding(
        "内存 memory", wanted <= 0.8 * total, found, "Lower memory in site.yaml below 80 % of the machine's."
    )


def _databases(site: Site) -> Iterator[Finding]:
    for feed in site.feeds:
        try:
            url = site.url_of(feed)
        except SiteError as error:
            yield Finding(f"{feed} database", False, "not configured", str(error))
            continue
        if url is not None:
            yield _database(feed, url)


def _database(feed: str, url: str) -> Finding:
    """Connect and leave. The driver's message may name the account, so only the error's kind is told."""
    try:
        engine = sa.create_engine(url)
        with engine.connect():
            return Finding(f"{feed} database", True, "reached")
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        return Finding(f"{feed} database", False, type(error).__name__, "Check the url in site.yaml and the network.")
