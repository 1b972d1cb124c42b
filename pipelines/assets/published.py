"""Room ``published``: the release, put in force by one rename."""

import dagster as dg

from matching.training import trained_model
from pipelines.assets import link, rooms
from pipelines.assets.raw import OWNERS
from pipelines.monitoring_run import MonitoringRun
from pipelines.partitions import half_years
from pipelines.summary import summarise
from policy import rules
from policy.period import Period
from warehouse.stores import profiles

STEPS = 3  # candidate, its audits, release
_ALL_TABLES = [key for asset in [*link.assets, *rooms.assets] for key in asset.keys]


@dg.asset(
    key=["published", "candidate"],
    deps=_ALL_TABLES,
    group_name="published",
    partitions_def=half_years,
    owners=OWNERS,
    kinds={"duckdb"},
)
def candidate(context: dg.AssetExecutionContext, run: dg.ResourceParam[MonitoringRun]) -> dg.MaterializeResult[None]:
    """The period's file with every room made, about to be audited. Its counts are what the operator reads."""
    period = Period(context.partition_key)
    with run.table("published", "candidate", period) as con:
        counts = summarise(con).counts
    return dg.MaterializeResult(metadata={**counts})


@dg.asset(
    key=["published", "release"],
    deps=[["published", "candidate"]],
    group_name="published",
    partitions_def=half_years,
    owners=OWNERS,
)
def release(context: dg.AssetExecutionContext, run: dg.ResourceParam[MonitoringRun]) -> dg.MaterializeResult[None]:
    """The release in force: every published period's file and the analysts' database, made beside the old one."""
    period = Period(context.partition_key)
    with run.publishing(period) as summary:
        version = trained_model.version_of(run.warehouse.cursor())
        figures = {row[:4]: row for row in run.figures}.values()  # going on, one was told before
        profiles.keep(run.warehouse.stores, run.warehouse.build.build_id, str(period), figures)
        published = run.warehouse.publish(
            period,
            run_id=run.run_id,
            model_version=version,
            rule_versions=rules.versions(period.as_of),
            counts=summary.counts,
            inputs=run.inputs(period),
        )
    return dg.MaterializeResult(metadata={"release": published.number, **summary.counts})


assets = [candidate, release]
