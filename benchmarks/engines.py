"""What linking costs on DuckDB and on Spark on one machine: processor seconds a million entries, and where memory goes.

python -m benchmarks.engines [--children 27000 82000] [--jurisdiction 110000] [--work FOLDER]

A child has about 3.65 entries in Beijing's deliveries, so that these are 0.1 and 0.3 million. Prints a table a size.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.engine_steps import ENGINES, MEMORY, THREADS
from benchmarks.losses import table
from benchmarks.peers.__main__ import folder, normalised
from benchmarks.peers.process import run

_HEADINGS = [
    *("step", "DuckDB, processor s", "a million entries", "Spark, processor s", "a million entries", "ratio"),
    *("DuckDB, GiB", "Spark: this Python", "of it DuckDB's", "Java", "Python workers"),
]


def main() -> None:
    """Link each size on both engines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--children", type=int, nargs="+", default=[27_000, 82_000])
    parser.add_argument("--jurisdiction", default="110000")
    parser.add_argument("--work", type=Path)
    asked = parser.parse_args()
    with folder(asked.work) as work:
        for children in asked.children:
            where = normalised(work, asked.jurisdiction, children, seed=1, ids_only=True)
            entries = pq.read_metadata(where / "entry.parquet").num_rows
            found = {engine: _linked(where, engine) for engine in ENGINES}
            print("\n".join(said(entries, found)), flush=True)


def _linked(where: Path, engine: str) -> dict[str, Any]:
    printed = run("benchmarks.engine_steps", where, engine, at_most_seconds=2 * 3600).printed
    found: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return found


def said(entries: int, found: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Markdown: a row a step, then their sum."""
    one, other = (found[engine] for engine in ENGINES)
    pairs = f"{one['pairs']:,} and {other['pairs']:,} candidate pairs"
    yield f"\n{entries:,} entries, {one['profiles']:,} profiles, {pairs}; {THREADS} threads, {MEMORY} each.\n"
    rows = [_row(entries, *pair) for pair in zip(one["steps"], other["steps"], strict=True)]
    yield from table(_HEADINGS, [*rows, _row(entries, _sum(one["steps"]), _sum(other["steps"]))])


def _row(entries: int, one: dict[str, Any], other: dict[str, Any]) -> tuple[object, ...]:
    spent, mine = one["cpu_seconds"], other["cpu_seconds"]
    million = entries / 1_000_000
    return (
        *(other["name"], f"{spent:.1f}", f"{spent / million:.1f}", f"{mine:.1f}", f"{mine / million:.0f}"),
        *(f"{mine / spent:.0f}" if spent >= 0.1 else "", f"{one['driver']:.2f}"),
        *(f"{other[kind]:.2f}" for kind in ("driver", "duckdb", "java", "workers")),
    )


def _sum(steps: list[dict[str, Any]]) -> dict[str, Any]:
    most = {kind: max(step[kind] for step in steps) for kind in ("driver", "duckdb", "java", "workers")}
    return {"name": "all", "cpu_seconds": sum(step["cpu_seconds"] for step in steps), **most}


if __name__ == "__main__":
    main()
