"""The kept rows as plots: cluster F1 and time of each engine by table; time and memory over the number of entries.

python -m benchmarks.peers.plots [--results FILE] [--scale FILE]      writes SVG to benchmarks/plots/
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from benchmarks.peers import table
from benchmarks.peers.contest import Row

PLOTS = Path(__file__).parents[1] / "plots"
_COLOURS = {
    "exact": "#999999",
    "recordlinkage": "#d9a441",
    "Splink, documented": "#8fb8de",
    "Splink, quick": "#5a92c9",
    "Splink, tuned": "#2f6fab",
    "ours": "#b5332e",
}


def main() -> None:
    """Draw what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--scale", type=Path)
    parser.add_argument("--out", type=Path, default=PLOTS)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    mpl.rcParams.update({"svg.hashsalt": "peers", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    drawn = []
    if asked.results:
        rows = [row for row in table.kept(asked.results) if row.figures]
        drawn.append(bars(rows, _missed, "missed: 1 - F1 of clusters, log scale", asked.out / "peers_f1.svg"))
        drawn.append(
            bars(
                rows,
                lambda row: row.linkage_cpu_seconds,
                "linking, processor seconds, log scale",
                asked.out / "peers_seconds.svg",
            )
        )
    if asked.scale:
        rows = [row for row in table.kept(asked.scale) if row.figures]
        seconds, peak = "linking, processor seconds", "peak memory, GiB"
        drawn.append(growth(rows, lambda row: row.linkage_cpu_seconds, seconds, asked.out / "scale_seconds.svg"))
        drawn.append(growth(rows, lambda row: row.peak_gib, peak, asked.out / "scale_memory.svg"))
    for file in drawn:
        print(f"drawn {file.name}")


def _missed(row: Row) -> float:
    assert row.figures is not None
    return max(1 - float(row.figures["clusters"]["f1"]), 1e-5)


def bars(rows: list[Row], figure: Callable[[Row], float], label: str, file: Path) -> Path:
    """A group of bars for each table, one bar an engine."""
    tables = list(dict.fromkeys(row.table for row in rows))
    engines = [engine for engine in _COLOURS if any(row.engine == engine for row in rows)]
    chart, axes = plt.subplots(figsize=(1.6 + 1.2 * len(tables), 4.2))
    width = 0.8 / max(len(engines), 1)
    for place, engine in enumerate(engines):
        of = {row.table: figure(row) for row in rows if row.engine == engine}
        where = [tables.index(name) + (place - (len(engines) - 1) / 2) * width for name in of]
        axes.bar(where, list(of.values()), width, label=engine, color=_COLOURS[engine])
    axes.set(yscale="log", ylabel=label, xlabel="table of entries")
    axes.set_xticks(
        np.arange(len(tables)), [name.replace(", ", "\n").replace(" children", "\nchildren") for name in tables]
    )
    axes.legend(frameon=False, ncols=len(engines), loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=8)
    return _written(chart, file)


def growth(rows: list[Row], figure: Callable[[Row], float], label: str, file: Path) -> Path:
    """A line an engine over the number of entries, both axes in powers of ten."""
    chart, axes = plt.subplots(figsize=(6, 4.2))
    for engine, colour in _COLOURS.items():
        found = sorted((row.figures["entries"], figure(row)) for row in rows if row.engine == engine and row.figures)
        if found:
            axes.plot(*zip(*found, strict=True), marker="o", label=engine, color=colour)
    axes.set(xscale="log", yscale="log", xlabel="entries", ylabel=label)
    axes.legend(frameon=False)
    return _written(chart, file)


def _written(chart: Figure, file: Path) -> Path:
    chart.savefig(file, bbox_inches="tight", metadata={"Date": None})
    plt.close(chart)
    return file


if __name__ == "__main__":
    main()
