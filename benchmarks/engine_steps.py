"""The linkage's heavy steps by one engine, in a process of its own: python -m benchmarks.engine_steps FOLDER ENGINE.

FOLDER holds ``std.duckdb`` (see :mod:`benchmarks.peers.prepared`). Prints, as one line of JSON, the profiles, the
candidate pairs and a :class:`benchmarks.watched.Step` a step.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import duckdb

from benchmarks import watched
from benchmarks.watched import Step
from matching import linkage, model
from matching.engines import spark
from matching.engines.engine import Engine, OneMachine

THREADS, MEMORY = 2, "4GiB"
ENGINES = ("duckdb", "spark")


def main() -> None:
    """Link what FOLDER holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("engine", choices=ENGINES)
    asked = parser.parse_args()
    print(json.dumps(linked(asked.folder, asked.engine)))


def linked(folder: Path, engine: str) -> dict[str, object]:
    """Run the steps on a copy of what ``folder`` holds."""
    with tempfile.TemporaryDirectory(dir=folder) as work:
        file = Path(work) / "steps.duckdb"
        shutil.copyfile(folder / "std.duckdb", file)
        con = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY, "temp_directory": f"{work}/spill"})
        try:
            con.execute(f"attach '{file}' as steps")
            con.execute("use steps")
            steps = _steps(con, engine, Path(work))
            rows = [
                con.execute(f"select count(*) from link.{name}").fetchall() for name in ("profile", "candidate_pair")
            ]
        finally:
            con.close()
    return {"profiles": rows[0][0][0], "pairs": rows[1][0][0], "steps": [asdict(step) for step in steps]}


def _steps(con: duckdb.DuckDBPyConnection, engine: str, work: Path) -> list[Step]:
    found: list[Step] = []
    how = model.load()
    with watched.step("profiles (DuckDB)", con, found):
        linkage.write_profiles(con, how)
    with watched.step("start", con, found):
        running = _started(engine, work)
    try:
        with watched.step("candidate pairs", con, found):
            running.write_candidate_pairs(con, how)
        with watched.step("scored pairs", con, found):
            running.write_scored_pairs(con, how)
        with watched.step("clusters", con, found):
            running.write_clusters(con, how)
    finally:
        running.close()
    return found


def _started(engine: str, work: Path) -> Engine:
    if engine == "duckdb":
        return OneMachine()
    running = spark.open_engine(spark.Place(THREADS, MEMORY), work / "spark")
    from matching.engines.spark.engine import SparkEngine

    assert isinstance(running, SparkEngine)
    running.session.sparkContext.setLogLevel("OFF")  # starts Java, which the first step would
    return running


if __name__ == "__main__":
    main()
