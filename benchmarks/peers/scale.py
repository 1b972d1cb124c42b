"""How time and memory grow with the number of entries: ours at 0.3, 1, 3 and 10 million, peers to 1 million.

python -m benchmarks.peers.scale [--children 82000 275000 825000 2750000] [--peers-to 1000000] [--work FOLDER]

A child has about 3.65 entries in Beijing's deliveries, so that these are 0.3, 1, 3 and 10 million. Prints a table and
the exponent of time over entries, keeps benchmarks/peers/scale.json and draws benchmarks/plots/.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.peers import contest, table
from benchmarks.peers.__main__ import folder, normalised
from benchmarks.peers.contest import Contestant, Row
from benchmarks.peers.process import run

_ENTRIES_A_CHILD = 3.65
CHILDREN = (82_000, 275_000, 825_000, 2_750_000)
RESULTS = Path(__file__).with_name("scale.json")


def main() -> None:
    """Run the sizes from small to large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--children", type=int, nargs="+", default=CHILDREN)
    parser.add_argument("--peers-to", type=int, default=1_000_000, help="entries")
    parser.add_argument("--jurisdiction", default="110000")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--results", type=Path, default=RESULTS)
    asked = parser.parse_args()
    print(table.heading())
    rows: list[Row] = []
    with folder(asked.work) as work:
        for children in sorted(asked.children):
            ids_only = children * _ENTRIES_A_CHILD > asked.peers_to * 1.1
            where = normalised(work, asked.jurisdiction, children, seed=1, ids_only=ids_only)
            entries = pq.read_metadata(where / "entry.parquet").num_rows
            for row in contest.contest(f"{entries:,} entries", where, _running(entries, asked.peers_to), 4 * 3600):
                rows.append(row)
                print(table.line(row), flush=True)
                table.keep(rows, asked.results)
    for engine, power in exponents(rows).items():
        print(f"{engine}: linking CPU seconds grow with entries to the power of {power:.2f}")
    print(run("benchmarks.peers.plots", "--scale", asked.results).printed, end="")


def _running(entries: int, peers_to: int) -> list[Contestant]:
    """Peers only while the table isn't much over what they are asked; ours always."""
    return [each for each in contest.children() if each.module == "ours" or entries <= peers_to * 1.1]


def exponents(rows: list[Row]) -> dict[str, float]:
    """By engine, the slope of log processor seconds of linking over log entries; engines with two sizes or more."""
    found: dict[str, float] = {}
    for engine in dict.fromkeys(row.engine for row in rows):
        sizes = [
            (row.figures["entries"], row.linkage_cpu_seconds) for row in rows if row.engine == engine and row.figures
        ]
        if len(sizes) > 1:
            entries, seconds = np.log(np.array(sizes, dtype=float)).T
            found[engine] = float(np.polyfit(entries, seconds, 1)[0])
    return found


if __name__ == "__main__":
    main()
