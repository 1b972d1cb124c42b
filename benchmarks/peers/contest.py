"""One table, every engine, one row each: run as processes one after the other, judged in processes of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.process import ProcessFailed, run


@dataclass(frozen=True, slots=True)
class Contestant:
    """An engine with the settings it is given: its name in the table, its module in this package."""

    name: str
    module: str
    settings: str


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one engine on one table. ``failed``: why there are no figures.

    ``linkage_*``: of the phases that link, without starting up, reading, writing; the rest from outside the process.
    """

    table: str
    engine: str
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_gib: float = 0.0
    linkage_seconds: float = 0.0
    linkage_cpu_seconds: float = 0.0
    threshold: str = ""
    figures: dict[str, Any] | None = None
    phases: tuple[dict[str, Any], ...] = ()
    failed: str = ""


def children() -> list[Contestant]:
    """Who links the invented deliveries."""
    return [
        Contestant("exact", "exact", "citizen_no:name,sex,born"),
        Contestant("recordlinkage", "toolkit", "children"),
        Contestant("Splink, documented", "splink_engine", "children_documented"),
        Contestant("Splink, quick", "splink_engine", "children_quick"),
        Contestant("Splink, tuned", "splink_engine", "children_tuned"),
        Contestant("ours", "ours", "children"),
    ]


def public(exact: str, splink: str, toolkit: str, ours: str) -> list[Contestant]:
    """Who links a public set, by the settings that the set names."""
    return [
        Contestant("exact", "exact", exact),
        Contestant("recordlinkage", "toolkit", toolkit),
        Contestant("Splink, documented", "splink_engine", f"{splink}_documented"),
        Contestant("Splink, tuned", "splink_engine", f"{splink}_tuned"),
        Contestant("ours", "ours", ours),
    ]


def contest(table: str, folder: Path, contestants: list[Contestant], at_most_seconds: float = 3600) -> Iterator[Row]:
    """Run and judge each engine on the table in ``folder``; one that fails says why and the others go on."""
    for each in contestants:
        out = folder / each.name.replace(", ", "-")
        try:
            words = ("--settings", each.settings)
            used = run(f"benchmarks.peers.{each.module}", folder, out, *words, at_most_seconds=at_most_seconds)
            judged = run("benchmarks.peers.figures", folder, out)
        except ProcessFailed as error:
            yield Row(table, each.name, failed=_why(error))
            continue
        said = json.loads((out / "said.json").read_text(encoding="utf-8"))
        linking = [phase for phase in said["phases"] if phase["is_linkage"]]
        yield Row(
            table,
            each.name,
            used.seconds,
            used.cpu_seconds,
            used.peak_gib,
            sum(phase["seconds"] for phase in linking),
            sum(phase["cpu_seconds"] for phase in linking),
            said["threshold"],
            json.loads(judged.printed.splitlines()[-1]),
            tuple(said["phases"]),
        )


def _why(error: ProcessFailed) -> str:
    """What ended how, and the line that names the error, by paths inside the project."""
    lines = str(error).replace(f"{Path(__file__).parents[2]}/", "").strip().splitlines()
    named = [line for line in lines if re.match(r"[\w.]+(Error|Exception): ", line)] or lines
    return "\n".join(dict.fromkeys((lines[0], named[-1])))
