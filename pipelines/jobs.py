"""The monitoring run as a job, and the schedule that asks for it after each half-year."""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from pipelines.monitoring_run import AFTER_DECISIONS
from policy.period import Period

monitoring = dg.define_asset_job(
    "monitoring",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("inbox", "watched"),
    description="The half-yearly monitoring run: the departments' deliveries in, a published release out.",
    tags={"dagster/max_retries": "0"},
)

after_decisions = dg.define_asset_job(
    AFTER_DECISIONS,
    selection=dg.AssetSelection.assets(["link", "cluster"], ["link", "refused_pair"]).downstream()
    - dg.AssetSelection.groups("watched"),
    description="What people decided, worked into the last release: linked, listed and published anew.",
    tags={"dagster/max_retries": "0"},
)


watching = dg.define_asset_job(
    "watching",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("inbox", "mart", "published"),
    description="A look at watched counties between two closes: deliveries in, tasks out; nothing is published.",
    tags={"dagster/max_retries": "0"},
)


@dg.schedule(
    job=monitoring,
    cron_schedule="0 2 10 1,7 *",
    execution_timezone="Asia/Shanghai",
    description="At 02:00 on 10 January and 10 July, when the departments have had ten days: the half-year just ended.",
)
def half_yearly(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    """Ask for the half-year that ended before the tick."""
    period = just_ended(context.scheduled_execution_time.date())
    yield dg.RunRequest(run_key=str(period), partition_key=str(period))


def just_ended(on: date) -> Period:
    """The last half-year whose reference date has passed on that day."""
    return Period.holding(on).previous
