"""What Dagster loads: assets by room, checks at the doors, the half-yearly job, its schedule and its sensor."""

import dagster as dg

from pipelines import checks, jobs
from pipelines.assets import link, published, raw, rooms, std, watched
from pipelines.monitoring_run import monitoring_run
from pipelines.sensors import between_closes, new_decisions, new_delivery

STEPS = {
    "raw": raw.STEPS,
    "std": std.STEPS,
    "link": link.STEPS,
    **rooms.STEPS,
    "published": published.STEPS,
}
STEPS_AFTER_DECISIONS = {
    "link": link.STEPS_AFTER_DECISIONS,
    "published": published.STEPS,
}

defs = dg.Definitions(
    assets=[*raw.inboxes, *raw.assets, *std.assets, *link.assets, *rooms.assets, *published.assets, watched.event],
    asset_checks=checks.checks,
    jobs=[jobs.monitoring, jobs.after_decisions, jobs.watching],
    schedules=[jobs.half_yearly, between_closes],
    sensors=[new_delivery, new_decisions],
    resources={"run": monitoring_run},
    executor=dg.in_process_executor,  # one process writes a DuckDB file
)
