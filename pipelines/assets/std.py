"""Room ``std``: every entry in one shape, its faults beside the value."""

from collections.abc import Iterator

import dagster as dg

from connectors.specs import FeedSpec
from matching.normalize import write_std
from matching.normalize.source import SourceColumn, SourceTable
from pipelines.assets.raw import OWNERS, RECEIPT, SPECS, Results, count
from pipelines.monitoring_run import MonitoringRun
from pipelines.partitions import half_years
from policy.period import Period
from quality.validation import importing

STEPS = 7  # six steps of normalisation, and the gates
_SHARED = {
    "name": "One row a distinct name of anybody, folded, with its sounds and what kind of name it is.",
    "entry": "One row an entry of any feed, adults too: names folded, numbers judged, dates and places resolved.",
    "guardian": "One row a guardian named in an entry.",
    "place": "One row a place named in an entry, resolved to the counties in force on the reference date.",
    "township": "One row a county and name of a township whose code the deliveries write beside its name.",
    "fault": "One row a fault found in a column of an entry; never the value at fault.",
}
_RAW_TABLES = [["raw", spec.raw_table] for spec in SPECS.values()]


def _specs() -> Iterator[dg.AssetSpec]:
    for table, description in _SHARED.items():
        yield _spec(table, [*_RAW_TABLES, RECEIPT], description)
    for spec in SPECS.values():
        description = f"{spec.title}: the delivered columns decoded: words, dates, amounts. {spec.grain.capitalize()}."
        yield _spec(spec.raw_table, [["raw", spec.raw_table], RECEIPT], description)


def _spec(table: str, deps: list[list[str] | dg.AssetKey], description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=["std", table],
        deps=deps,
        group_name="std",
        description=description,
        partitions_def=half_years,
        owners=OWNERS,
        kinds={"duckdb"},
    )


def source_table(spec: FeedSpec) -> SourceTable:
    """What normalisation has to know of a feed spec."""
    columns = (
        SourceColumn(name, column.type, dict(column.words or {}), column.sensitivity)
        for name, column in spec.columns.items()
    )
    return SourceTable(spec.feed, spec.table, tuple(columns))


@dg.multi_asset(specs=list(_specs()), name="normalised")
def normalised(context: dg.AssetExecutionContext, run: dg.ResourceParam[MonitoringRun]) -> Results:
    """Make every table of ``std`` from ``raw``, judging each distinct value once."""
    period = Period(context.partition_key)
    with run.room("std", period) as con:
        under_way: list[str] = []

        def begun(name: str) -> None:
            if under_way:
                run.sink.done("std", under_way.pop())
            under_way.append(name)
            run.sink.begun("std", name)

        with importing():  # for the gates, which come next; nothing here uses SQLAlchemy
            write_std(con, [source_table(spec) for spec in run.feeds.values()], run.as_of(period), progress=begun)
        run.sink.done("std", under_way.pop())
        rows = {spec.key.path[-1]: count(con, "std", spec.key.path[-1]) for spec in _specs()}
    for table, number in rows.items():
        yield dg.MaterializeResult(asset_key=["std", table], metadata={"dagster/row_count": number})


assets = [normalised]
