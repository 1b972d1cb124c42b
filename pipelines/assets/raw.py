"""Room ``raw``: each delivery as it came, its receipt, and the rows that could not be read."""

from collections.abc import Iterator

import dagster as dg
import duckdb

from connectors import landing, quarantine, specs
from connectors.specs import FeedSpec
from pipelines.monitoring_run import MonitoringRun
from pipelines.partitions import half_years
from policy.period import Period
from warehouse.stores import receipts as kept_receipts

Results = Iterator[dg.MaterializeResult[None]]  # one for each table that a step made
OWNERS = ["team:operators"]
SPECS = specs.load()  # ours; a site's own are laid over them when a run begins
STEPS = len(SPECS) + 3  # what lies there, each table, the receipts, their gates
DELIVERY = dg.AssetKey(["raw", "delivery"])
RECEIPT = dg.AssetKey(["raw", "receipt"])
_KEPT_BY_LANDING = {
    "receipt": "One row a delivered table: files, rows read, landed, repeated and quarantined, or why it was refused.",
    "quarantine": "One row a delivered row that can't be read, with file, line, reason and its bytes. Restricted.",
    "drift": "One row a delivered column that no spec knows.",
    "file": "One row a delivered file: its hash, encoding and rows.",
}

inboxes = [
    dg.AssetSpec(
        key=["inbox", feed],
        group_name="inbox",
        description=f"What the department delivers in <inbox>/<period>/{feed}, once a half-year.",
        partitions_def=half_years,
    )
    for feed in dict.fromkeys(feed for feed, _ in SPECS)
]


@dg.asset(
    key=DELIVERY,
    deps=inboxes,
    group_name="raw",
    partitions_def=half_years,
    owners=OWNERS,
    kinds={"duckdb"},
)
def delivery(context: dg.AssetExecutionContext, run: dg.ResourceParam[MonitoringRun]) -> dg.MaterializeResult[None]:
    """What lies in the inbox for the period: one row a table of the contract. Begins the period's file anew."""
    period = Period(context.partition_key)
    run.begin(period)
    with run.table("raw", "delivery", period) as con:
        landing.prepare(con)
        con.execute(
            "create or replace table raw.delivery (feed varchar, table_name varchar, found boolean, files integer)"
        )
        for (feed, table), spec in run.feeds.items():
            found = run.located(spec, period)
            con.execute(
                "insert into raw.delivery values (?, ?, ?, ?)", [feed, table, not found.is_missing, len(found.files)]
            )
        rows = count(con, "raw", "delivery")
    return dg.MaterializeResult(metadata={"dagster/row_count": rows})


def _landed(spec: FeedSpec) -> dg.AssetsDefinition:
    @dg.asset(
        key=["raw", spec.raw_table],
        deps=[DELIVERY],
        group_name="raw",
        partitions_def=half_years,
        owners=OWNERS,
        kinds={"duckdb"},
        description=f"{spec.title}: {spec.grain}, as the department delivered it; text, under our column names.",
    )
    def landed(context: dg.AssetExecutionContext, run: dg.ResourceParam[MonitoringRun]) -> dg.MaterializeResult[None]:
        period = Period(context.partition_key)
        mine = run.feeds[spec.feed, spec.table]
        with run.table("raw", mine.raw_table, period) as con:
            found = run.located(mine, period)
            receipt = landing.land(con, mine, found, str(period), is_missed=run.misses(mine))
            for mended in run.mended(period, mine):
                receipt = quarantine.replay(con, mine, mended)
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": receipt.rows_landed,
                "status": receipt.status,
                "rows_read": receipt.rows_read,
                "rows_repeated": receipt.rows_repeated,
                "rows_quarantined": receipt.rows_quarantined,
            }
        )

    return landed


landed_tables = [_landed(spec) for spec in SPECS.values()]


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            key=["raw", table],
            deps=[["raw", spec.raw_table] for spec in SPECS.values()],
            group_name="raw",
            description=description,
            partitions_def=half_years,
            owners=OWNERS,
            kinds={"duckdb"},
        )
        for table, description in _KEPT_BY_LANDING.items()
    ],
    name="receipts",
)
def receipts(context: dg.AssetExecutionContext, run: dg.ResourceParam[MonitoringRun]) -> Results:
    """Keep the receipts in the stores, where they outlive the file: a re-delivery adds to them."""
    period = Period(context.partition_key)
    with run.table("raw", "receipt", period) as con:
        if run.on is None:  # else they aren't the half-year's deliveries
            kept_receipts.keep(run.warehouse.stores, con, run.warehouse.build.build_id)
        rows = {table: count(con, "raw", table) for table in _KEPT_BY_LANDING}
    for table, number in rows.items():
        yield dg.MaterializeResult(asset_key=["raw", table], metadata={"dagster/row_count": number})


def count(con: duckdb.DuckDBPyConnection, room: str, table: str) -> int:
    """Rows of one table."""
    return int(con.sql(f'select count(*) from {room}."{table}"').fetchall()[0][0])


assets = [delivery, *landed_tables, receipts]
