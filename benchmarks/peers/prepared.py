"""The normalised table of an invented county, made once by our own steps, for every engine to start from.

python -m benchmarks.peers.prepared FOLDER --jurisdiction 110000 --children 20000 --seed 1

leaves in FOLDER ``entry.parquet`` (the flat table, ``flat.sql``), ``truth.parquet`` (``unique_id, child``) and
``std.duckdb``, the same entries in the shape that our own steps read. Everybody in it is invented. ``--ids-only``: the
flat table holds ``unique_id`` alone, for sizes that no peer is asked.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

import duckdb
from dagster import DagsterInstance, ResourceDefinition, materialize

from benchmarks.peers.engine import MEMORY
from connectors.sample import DEFAULT, write
from pipelines import site
from pipelines.assets import raw, std
from pipelines.launch import dagster_instance
from pipelines.monitoring_run import MonitoringRun
from policy.period import Period

PERIOD = "2026H1"
_IDS = "select entry_id as unique_id from std.entry where not is_adult order by unique_id"
_READ_BY_US = ("entry", "name", "guardian")


def main() -> None:
    """Invent the county and normalise it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jurisdiction", required=True)
    parser.add_argument("--children", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ids-only", action="store_true")
    asked = parser.parse_args()
    prepare(asked.folder, asked.jurisdiction, asked.children, asked.seed, asked.ids_only)


def prepare(folder: Path, jurisdiction: str, children: int, seed: int, ids_only: bool = False) -> None:
    """Make the three files of one invented county in ``folder``; what they were made from is removed again."""
    county, home = folder / "county", folder / "home"
    write(county, jurisdiction=jurisdiction, children=children, periods=[PERIOD], seed=seed, faults=DEFAULT)
    os.environ.setdefault("CHILDINDEX_KEYS", str(folder / "keys"))
    site.write(home, jurisdiction=jurisdiction, inbox=county / "inbox")
    settings = site.load(home)
    assert settings is not None
    settings = settings.using(memory=MEMORY)
    with dagster_instance(home) as instance:
        run = MonitoringRun(home, settings, run_id="peers", notice=lambda _: None)
        try:
            _normalise(run, instance)
            with run.room("std", Period(PERIOD)) as con:
                lay_flat(con, folder, _IDS if ids_only else None)
                _lay_truth(con, folder, county / "truth" / f"links_{PERIOD}.csv")
                _copy_std(con, folder / "std.duckdb")
        finally:
            run.close()
    shutil.rmtree(county)
    shutil.rmtree(home)


def _normalise(run: MonitoringRun, instance: DagsterInstance) -> None:
    """The monitoring run's own assets up to ``std``."""
    result = materialize(
        [*raw.assets, *std.assets],
        instance=instance,
        partition_key=PERIOD,
        resources={"run": ResourceDefinition.hardcoded_resource(run)},
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    if not result.success:
        stops = "; ".join(stop.message_en for stop in run.outcome.stops)
        raise RuntimeError(f"normalising the invented county ended without a result: {run.failure or stops}")


def lay_flat(con: duckdb.DuckDBPyConnection, folder: Path, query: str | None = None) -> None:
    """Write ``entry.parquet`` from a connection whose default catalog holds ``std``."""
    query = query or Path(__file__).with_name("flat.sql").read_text(encoding="utf-8")
    con.execute(f"copy (\n{query}\n) to {_quoted(folder / 'entry.parquet')} (format parquet)")


def _lay_truth(con: duckdb.DuckDBPyConnection, folder: Path, links: Path) -> None:
    """Each child's entry with its child; an adult taken for a child is a child of its own."""
    con.execute(
        "create or replace temp table truth_row as select * from read_csv(?, all_varchar = true, header = true)",
        [str(links)],
    )
    con.execute(
        "copy (select entry.entry_id as unique_id,"
        " coalesce(nullif(any_value(truth.child), ''), 'adult ' || entry.entry_id) as child"
        " from std.entry as entry join truth_row as truth"
        '   on truth.feed = entry.feed and truth."table" = entry.table_name and truth.file = entry.file'
        "   and truth.row::integer = entry.row_no"
        " where not entry.is_adult group by entry.entry_id order by unique_id)"
        f" to {_quoted(folder / 'truth.parquet')} (format parquet)"
    )


def _copy_std(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """The tables that the steps of our linkage read, and the prior ones, empty in a first period."""
    file.unlink(missing_ok=True)
    con.execute(f"attach {_quoted(file)} as copied")
    found = con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        " and (schema_name = 'prior' or schema_name = 'std' and list_contains(?, table_name)) order by all",
        [list(_READ_BY_US)],
    ).fetchall()
    for schema, table in found:
        con.execute(f"create schema if not exists copied.{schema}")
        con.execute(f"create table copied.{schema}.{table} as select * from {schema}.{table}")
    con.execute("detach copied")


def _quoted(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"


if __name__ == "__main__":
    main()
