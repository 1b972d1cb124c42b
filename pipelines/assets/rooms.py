"""Rooms ``core``, ``care`` and ``mart``: one asset a SQL file, its lineage read from the file's ``-- reads``."""

from collections.abc import Iterable

import dagster as dg

from pipelines.assets.raw import DELIVERY, OWNERS
from pipelines.monitoring_run import MonitoringRun
from pipelines.partitions import half_years
from policy.period import Period
from warehouse import build, specs

ROOMS = ("core", "care", "mart")
_BEGUN_WITH = ("policy", "prior")  # the law and what is carried over: put into the file when it is begun


def _asset(room: str, table: str) -> dg.AssetsDefinition:
    statement = build.statement(room, table)
    described = specs.get(room, table)

    @dg.asset(
        key=[room, table],
        deps=_deps(statement.reads - {f"{room}.{table}"}),
        group_name=room,
        partitions_def=half_years,
        owners=["team:analysts"] if room == "mart" else OWNERS,
        kinds={"duckdb", "sql"},
        description=f"{described.title}: {described.grain}. Made by {statement.file}.",
    )
    def made(context: dg.AssetExecutionContext, run: dg.ResourceParam[MonitoringRun]) -> dg.MaterializeResult[None]:
        period = Period(context.partition_key)
        with run.table(room, table, period) as con:
            rows = run.build_table(con, room, table, period)
        return dg.MaterializeResult(metadata={"dagster/row_count": rows})

    return made


def _deps(reads: Iterable[str]) -> set[dg.AssetKey]:
    rooms_and_tables = (read.split(".") for read in reads)
    return {DELIVERY if room in _BEGUN_WITH else dg.AssetKey([room, table]) for room, table in rooms_and_tables}


assets = [_asset(room, table) for room in ROOMS for table in build.order(room)]
STEPS = {room: len(build.order(room)) for room in ROOMS}
