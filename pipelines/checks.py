"""Asset checks: the gates, where Dagster stands still when one of them stops the run."""

from collections.abc import Iterator

import dagster as dg

from pipelines import gates
from pipelines.assets.raw import RECEIPT, SPECS
from pipelines.monitoring_run import MonitoringRun
from policy.period import Period
from quality.findings import Outcome

_OF_DELIVERIES = {
    (spec.feed, spec.table): dg.AssetCheckSpec(
        spec.raw_table,
        asset=RECEIPT,
        blocking=True,
        description="Refused, a fifth fewer rows, a county's file gone, a column emptied: stops until accepted.",
    )
    for spec in SPECS.values()
}


@dg.multi_asset_check(specs=list(_OF_DELIVERIES.values()), name="delivery_gates")
def delivery_gates(
    context: dg.AssetCheckExecutionContext, run: dg.ResourceParam[MonitoringRun]
) -> Iterator[dg.AssetCheckResult]:
    """Hold each delivery against the last period's."""
    period = Period(context.partition_key)
    with run.table("raw", "gates", period) as con:
        outcome = gates.of_deliveries(run, con, period)
    for (feed, table), spec in _OF_DELIVERIES.items():
        yield _result(_only(outcome, feed, table), spec)


_OF_ENTRIES = dg.AssetCheckSpec(
    "row_faults",
    asset=["std", "entry"],
    additional_deps=[["std", "fault"]],
    blocking=True,
    description="Faults in rows warn above their bound and never stop; a broken structure of our own tables stops.",
)


@dg.multi_asset_check(specs=[_OF_ENTRIES], name="entry_gates")
def entry_gates(
    context: dg.AssetCheckExecutionContext, run: dg.ResourceParam[MonitoringRun]
) -> Iterator[dg.AssetCheckResult]:
    """Count faults, and validate the tables of raw and std."""
    period = Period(context.partition_key)
    with run.table("std", "gates", period) as con:
        outcome = gates.of_entries(run, con, period)
    yield _result(outcome, _OF_ENTRIES)


_OF_RELEASE = dg.AssetCheckSpec(
    "publish_audits",
    asset=["published", "candidate"],
    blocking=True,
    description="Accounting, keys, churn of ids, sizes of clusters; and every table to be published against its spec.",
)


@dg.multi_asset_check(specs=[_OF_RELEASE], name="release_gates")
def release_gates(
    context: dg.AssetCheckExecutionContext, run: dg.ResourceParam[MonitoringRun]
) -> Iterator[dg.AssetCheckResult]:
    """Audit the release before it is published."""
    period = Period(context.partition_key)
    with run.table("published", "gates", period) as con:
        outcome = gates.of_release(run, con, period)
    yield _result(outcome, _OF_RELEASE)


def _only(outcome: Outcome, feed: str, table: str) -> Outcome:
    """The part of an outcome that is about one delivered table."""
    return Outcome(
        tuple(each for each in outcome.stops if (each.feed, each.table) == (feed, table)),
        tuple(each for each in outcome.accepted if (each.stop.feed, each.stop.table) == (feed, table)),
        tuple(each for each in outcome.warnings if (each.feed, each.table) == (feed, table)),
    )


def _result(outcome: Outcome, spec: dg.AssetCheckSpec) -> dg.AssetCheckResult:
    """Put an outcome before Dagster: figures and our own words, which name nobody."""
    said = [*outcome.stops, *(each.stop for each in outcome.accepted), *outcome.warnings]
    return dg.AssetCheckResult(
        passed=outcome.passed,
        check_name=spec.name,
        asset_key=spec.asset_key,
        severity=dg.AssetCheckSeverity.ERROR if outcome.stops else dg.AssetCheckSeverity.WARN,
        description=outcome.stops[0].message_en if outcome.stops else None,
        metadata={
            "stops": len(outcome.stops),
            "accepted": len(outcome.accepted),
            "warnings": len(outcome.warnings),
            "said": dg.MetadataValue.md("\n".join(f"- {each.message_zh}" for each in said) or "—"),
        },
    )


checks = [delivery_gates, entry_gates, release_gates]
