"""Rows of a contest as one Markdown table, and kept as JSON for the plots."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from benchmarks.peers.contest import Row

HEADINGS = (
    *("table", "engine", "threshold", "pair P", "pair R", "pair F1", "best pair F1"),
    *("cluster P", "cluster R", "cluster F1", "whole clusters", "best cluster F1"),
    *("linking s", "linking CPU s", "whole s", "whole CPU s", "peak GiB"),
)


def heading() -> str:
    """The first two lines."""
    return "| " + " | ".join(HEADINGS) + " |\n|" + "---|" * len(HEADINGS)


def line(row: Row) -> str:
    """One row; an engine without figures says that it has none, and why on one line."""
    if row.figures is None:
        why = row.failed.strip().splitlines()
        return f"| {row.table} | {row.engine} | no figures: {why[0]} {why[-1] if len(why) > 1 else ''} |"
    shares = [f"{row.figures[of][name]:.4f}" for of in ("pairs", "clusters") for name in ("precision", "recall", "f1")]
    cells = [
        *(row.table, row.engine, row.threshold, *shares[:3], f"{row.figures['best_pairs']:.4f}"),
        *(*shares[3:], f"{row.figures['exact']:.4f}", f"{row.figures['best_clusters']:.4f}"),
        *(f"{row.linkage_seconds:.1f}", f"{row.linkage_cpu_seconds:.1f}"),
        *(f"{row.seconds:.1f}", f"{row.cpu_seconds:.1f}", f"{row.peak_gib:.2f}"),
    ]
    return "| " + " | ".join(cells) + " |"


def keep(rows: Iterable[Row], file: Path) -> None:
    """Write the rows as JSON, phases too."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1), encoding="utf-8")


def kept(file: Path) -> list[Row]:
    """Read what ``keep`` wrote."""
    return [Row(**{**row, "phases": tuple(row["phases"])}) for row in json.loads(file.read_text(encoding="utf-8"))]
