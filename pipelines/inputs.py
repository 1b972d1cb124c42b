"""What a period's rooms up to the scored pairs are made of, as digests: where all are those of the last build, so are
these rooms, and a run may go on from what is published.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

from pipelines.site import Site
from policy.period import Period
from warehouse import releases
from warehouse.home import Home
from warehouse.releases import Release

_PROGRAM = ("connectors", "matching", "warehouse", "policy", "quality", "pipelines")


def digests(home: Path, site: Site, period: Period, release: Release) -> Mapping[str, str]:
    """By what: the program, the site's words, the deliveries, the earlier period. Nothing where that can't be known.

    A department's database may hold something else by now, and nobody would see it: with one nothing is known.
    """
    if any(feed.url for feed in site.feeds.values()) or site.parameters.engine != "duckdb":
        return {}
    words = site.model_dump_json(exclude={"inbox", "stores_url", "parameters"})
    earlier = release.last_before(str(period))
    try:
        return {
            "program": _program(),
            "site": _digest([words.encode(), *_files(home / "feeds"), *_files(home / "mended" / str(period))]),
            "deliveries": _digest(_files(site.inbox / str(period))),
            "earlier": str(release.periods[earlier].build_id) if earlier else "",
        }
    except OSError:  # a file that can't be read: landing refuses its delivery and says why
        return {}


def are_published(home: Path, site: Site, period: Period) -> bool:
    """Whether the period's last build was made of what there is now, but for what people decided since."""
    release = releases.in_force(Home.at(home))
    published = release.periods.get(str(period))
    if published is None or not published.inputs:
        return False
    return digests(home, site, period, release) == published.inputs


@cache
def _program() -> str:
    """All our files that a build goes through, and the versions of what is installed beside them."""
    installed = sorted({f"{each.name} {each.version}" for each in metadata.distributions()})  # ours may be told twice
    ours = (part for package in _PROGRAM for part in _packed(resources.files(package), package))
    return _digest([*(name.encode() for name in installed), *ours])


def _packed(folder: Traversable, path: str) -> Iterable[bytes]:
    """Names and contents of a package's files, by name."""
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        name = f"{path}/{each.name}"
        if each.is_dir() and each.name != "__pycache__":
            yield from _packed(each, name)
        elif each.is_file():
            yield from (name.encode(), each.read_bytes())


def _files(folder: Path) -> Iterable[bytes]:
    """Names and digests of the files below a folder, by name."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").digest()
        yield from (os.fsencode(file.relative_to(folder)), digest)


def _digest(parts: Iterable[bytes]) -> str:
    """One digest of parts, each with its length, so that none runs into the next."""
    told = hashlib.sha256()
    for part in parts:
        told.update(len(part).to_bytes(8, "big"))
        told.update(part)
    return told.hexdigest()[:32]
