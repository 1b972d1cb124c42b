"""Between two closes: what came of watched counties, kept as tasks; nothing is published."""

from collections import defaultdict

import dagster as dg
import duckdb

from pipelines.assets.raw import OWNERS
from pipelines.monitoring_run import MonitoringRun
from pipelines.partitions import half_years
from policy.period import Period
from warehouse.stores import watches
from warehouse.stores.watches import Watch, Watched, WatchedEvent

GROUP = "watched"
_COUNTED = """
    select residence_county, count(*), count(*) filter (where status = 'migrant')
    from care.child where residence_county in (select unnest($counties)) group by residence_county
"""
_EVENTS = """
    select
        event.county, event.child_id, event.kind, event.happened_on, event.due_on, event.state, event.township,
        event.rule_id, event.clause, known.child_id is not null as is_known
    from care.event as event
    left join (select distinct child_id from prior.issued_child) as known using (child_id)
    where event.county in (select unnest($counties)) and event.happened_on <= $on
    order by event.county, event.due_on, event.child_id, event.kind, event.happened_on
"""


@dg.asset(
    key=[GROUP, "event"],
    deps=[["care", "event"], ["care", "child"]],
    group_name=GROUP,
    partitions_def=half_years,
    owners=OWNERS,
    kinds={"duckdb"},
    description="Events in counties of dynamic monitoring on a day between two closes. One row a child, kind and day.",
)
def event(context: dg.AssetExecutionContext, run: dg.ResourceParam[MonitoringRun]) -> dg.MaterializeResult[None]:
    """Keep the events of watched counties in the stores, where the lists find them until the next close."""
    period = Period(context.partition_key)
    with run.room("care", period) as con:
        found = look(con, str(period), run)
        watches.note(run.warehouse.stores, found)
    return dg.MaterializeResult(metadata={"dagster/row_count": sum(each.watch.events for each in found)})


def look(con: duckdb.DuckDBPyConnection, period: str, run: MonitoringRun) -> list[Watched]:
    """A watch of each watched county, those without a child told of too.

    A child that the index doesn't know yet gets its number at the close: its events are counted and not kept.
    """
    on = run.as_of(Period(period))
    counties = list(run.site.watched)
    counted = {
        county: (children, migrants)
        for county, children, migrants in con.execute(_COUNTED, {"counties": counties}).fetchall()
    }
    kept: defaultdict[str, list[WatchedEvent]] = defaultdict(list)
    unknown: defaultdict[str, int] = defaultdict(int)
    begun = {
        (before.child_id, before.kind): before
        for each in watches.read(run.warehouse.stores)
        if each.watch.period == period
        for before in each.events
        if before.kind == "school_age_not_enrolled" and before.state == "open"
    }
    for county, *told, is_known in con.execute(_EVENTS, {"counties": counties, "on": on}).fetchall():
        made = WatchedEvent(*told)
        if is_known:
            kept[county].append(begun.get((made.child_id, made.kind), made) if made.state == "open" else made)
        else:
            unknown[county] += 1
    return [
        Watched(
            Watch(period, on, county, *counted.get(county, (0, 0)), len(kept[county]), unknown[county]), kept[county]
        )
        for county in counties
    ]
