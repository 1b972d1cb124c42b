"""What every engine's process is given and leaves behind.

Given a folder with ``entry.parquet`` (one row an entry, ``unique_id`` its whole number, ``source_dataset`` where it
comes from), an engine leaves in its own folder

- ``pair.parquet``: ``left_id, right_id, score, is_link``: pairs that it scored, higher more alike; ``is_link``: it
  calls the pair one by the threshold that it states itself,
- ``cluster.parquet``: ``unique_id, cluster_id`` of every entry,
- ``said.json``: seconds by the clock and of the processors for each phase, and the threshold in words.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter, process_time

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

THREADS = 2
MEMORY = "8GB"


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase's time. ``is_linkage``: counted as linking; reading, writing and what peers don't do are not."""

    name: str
    seconds: float
    cpu_seconds: float
    is_linkage: bool


@dataclass(slots=True)
class Clock:
    """The phases of a process, in order."""

    phases: list[Phase] = field(default_factory=list)

    @contextmanager
    def phase(self, name: str, *, is_linkage: bool = True) -> Iterator[None]:
        """Time what is done inside."""
        wall, cpu = perf_counter(), process_time()
        yield
        self.phases.append(Phase(name, perf_counter() - wall, process_time() - cpu, is_linkage))


@dataclass(frozen=True, slots=True)
class Task:
    """What one engine is asked: where the entries lie, where to leave the answer, which settings."""

    folder: Path
    out: Path
    settings: str

    @property
    def entries(self) -> Path:
        """The table of entries."""
        return self.folder / "entry.parquet"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A database in memory with every engine's share of the machine."""
        self.out.mkdir(parents=True, exist_ok=True)
        return duckdb.connect(
            ":memory:",
            config={
                "threads": THREADS,
                "memory_limit": MEMORY,
                "temp_directory": str(self.out / "spill"),
                "python_enable_replacements": "false",
            },
        )

    def leave(self, con: duckdb.DuckDBPyConnection, pairs: str, clusters: str, clock: Clock, threshold: str) -> None:
        """Write the answer from two relations with the columns that this module's first words name."""
        _copy(con, f"select left_id, right_id, score::double as score, is_link from {pairs}", self.out / "pair.parquet")
        _copy(con, f"select unique_id, cluster_id from {clusters}", self.out / "cluster.parquet")
        said = {"threshold": threshold, "phases": [asdict(phase) for phase in clock.phases]}
        (self.out / "said.json").write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")


def task(words: list[str] | None = None) -> Task:
    """Read the command line of an engine: FOLDER OUT [--settings NAME]."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--settings", default="")
    asked = parser.parse_args(words)
    asked.out.mkdir(parents=True, exist_ok=True)
    return Task(asked.folder, asked.out, asked.settings)


def components(con: duckdb.DuckDBPyConnection, entries: str, links: str) -> pa.Table:
    """Clusters of ``entries`` (``unique_id``) that chains of ``links`` (``left_id, right_id``) join."""
    ids = np.sort(con.sql(f"select unique_id from {entries}").fetchnumpy()["unique_id"])
    found = con.sql(f"select left_id, right_id from {links}").fetchnumpy()
    left, right = np.searchsorted(ids, found["left_id"]), np.searchsorted(ids, found["right_id"])
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(len(ids), len(ids)))
    _, labels = connected_components(graph, directed=False)
    return pa.table({"unique_id": ids, "cluster_id": labels})


def _copy(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    quoted = str(file).replace("'", "''")  # COPY takes no bound path
    con.execute(f"copy ({query}) to '{quoted}' (format parquet)")
