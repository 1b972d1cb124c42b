"""Ours beside exact matching, the Record Linkage Toolkit and Splink: public sets and invented counties, in one run.

python -m benchmarks.peers [--children 20000] [--jurisdictions 429006 110000 540000] [--sets "FEBRL 1"]
                           [--engines ours] [--work FOLDER]

Prints one Markdown table, keeps it in benchmarks/peers/results.json and draws benchmarks/plots/. ``--work`` keeps the
normalised tables between runs; without it they are made anew.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peers import contest, table
from benchmarks.peers.contest import Contestant, Row
from benchmarks.peers.process import run

JURISDICTIONS = ("429006", "110000", "540000")
RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    """Run every contest and print its rows as they come."""
    from benchmarks.public.sets import SETS

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--children", type=int, default=20_000)
    parser.add_argument("--jurisdictions", nargs="*", default=JURISDICTIONS)
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--engines", nargs="+", help="by name, like 'Splink, tuned' ours; else all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--results", type=Path, default=RESULTS)
    asked = parser.parse_args()
    print(table.heading())
    rows: list[Row] = []
    with folder(asked.work) as work:
        for row in _rows(asked, work):
            rows.append(row)
            print(table.line(row), flush=True)
            table.keep(rows, asked.results)
    print(run("benchmarks.peers.plots", "--results", asked.results).printed, end="")


def _rows(asked: argparse.Namespace, work: Path) -> Iterator[Row]:
    from benchmarks.public.sets import SETS

    for name in asked.sets:
        where, its = work / name.replace(" ", ""), SETS[name]
        run("benchmarks.public.sets", name, where)
        running = _asked(asked, contest.public(its.exact, its.splink, its.toolkit, its.ours))
        yield from contest.contest(name, where, running)
    for jurisdiction in asked.jurisdictions:
        where = normalised(work, jurisdiction, asked.children, asked.seed)
        running = _asked(asked, contest.children())
        yield from contest.contest(f"{jurisdiction}, {asked.children:,} children", where, running)


def _asked(asked: argparse.Namespace, engines: list[Contestant]) -> list[Contestant]:
    return [each for each in engines if not asked.engines or each.name in asked.engines]


def normalised(work: Path, jurisdiction: str, children: int, seed: int, ids_only: bool = False) -> Path:
    """The folder of an invented county's normalised table, made if it isn't there; ``ids_only``: not for peers."""
    where = work / f"{jurisdiction}-{children}-{seed}"
    if not (where / "std.duckdb").exists():
        words = ("--jurisdiction", jurisdiction, "--children", children, "--seed", seed, *["--ids-only"] * ids_only)
        run("benchmarks.peers.prepared", where, *words, at_most_seconds=3 * 3600)
    return where


@contextmanager
def folder(kept: Path | None) -> Iterator[Path]:
    """The folder to work in: the one that is to be kept, else one that goes away."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="peers-") as name:
        yield Path(name)


if __name__ == "__main__":
    main()
