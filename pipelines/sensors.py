"""What starts a run by itself: a new delivery in the inbox, what people decided, a watched county that is due."""

import hashlib
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg

from pipelines import site as settings
from pipelines.jobs import after_decisions, monitoring, watching
from pipelines.monitoring_run import WATCH_INBOX, WATCHED_ON, home_of
from pipelines.partitions import half_years
from pipelines.watch import standing
from policy.period import Period
from warehouse import releases
from warehouse.home import Home
from warehouse.stores import decisions, periods
from warehouse.stores.engine import now, open_stores

SETTLED_SECONDS = 120  # files still being copied are left alone


@dg.sensor(
    job=monitoring,
    minimum_interval_seconds=60,
    description="Runs a period when its deliveries are new or were replaced, two minutes after the last file came.",
)
def new_delivery(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for every open period whose folder of the inbox differs from what was last asked for."""
    home = home_of("")
    site = settings.load(home)
    if site is None or not site.inbox.is_dir():
        yield dg.SkipReason("No site.yaml or no inbox yet.")
        return
    known = half_years.get_partition_keys()
    stores = open_stores(site.stores_url or home / "stores")
    try:
        for folder in sorted(site.inbox.iterdir()):
            if folder.name not in known or periods.is_closed(stores, folder.name):
                continue
            if (print_ := fingerprint(folder)) is not None:
                yield dg.RunRequest(run_key=f"{folder.name}:{print_}", partition_key=folder.name)
    finally:
        stores.dispose()


@dg.sensor(
    job=after_decisions,
    minimum_interval_seconds=60,
    description="Works what people decided into the last period, when nobody decided anything for some minutes.",
)
def new_decisions(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for the last published period where somebody decided something since its build began."""
    home = home_of("")
    site = settings.load(home)
    wait = site.parameters.rerun_after_minutes if site else None
    release = releases.in_force(Home.at(home))
    if site is None or wait is None or not release.periods:
        yield dg.SkipReason("No site.yaml, nothing published, or site.yaml wants no run by itself.")
        return
    period, entry = max(release.periods.items())
    stores = open_stores(site.stores_url or home / "stores")
    try:
        last = decisions.last(stores)
        if last is None or last.at <= releases.begun_at(entry.build_id) or periods.is_closed(stores, period):
            yield dg.SkipReason("Nobody decided anything since the last build began, or its period is closed.")
        elif last.at > now() - timedelta(minutes=wait):
            yield dg.SkipReason(f"Somebody decides: the run waits for {wait} minutes without a decision.")
        else:
            yield dg.RunRequest(run_key=f"{period}:decision {last.id}", partition_key=period)
    finally:
        stores.dispose()


@dg.schedule(
    job=watching,
    cron_schedule="30 1 * * *",
    execution_timezone="Asia/Shanghai",
    description="At 01:30, where a watched county is due and something of it lies in <inbox>/watch.",
)
def between_closes(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for a look at the watched counties on the day of the tick."""
    home, on = home_of(""), context.scheduled_execution_time.date()
    site = settings.load(home)
    if site is None or not site.watched:
        yield dg.SkipReason("No county is watched: `watched` in site.yaml.")
        return
    period = Period.holding(on)
    if not any(each.due_on <= on for each in standing(site, home, on)):
        yield dg.SkipReason("No watched county is due.")
    elif not (folder := site.inbox / WATCH_INBOX / str(period)).is_dir() or fingerprint(folder) is None:
        yield dg.SkipReason(f"Nothing lies in {WATCH_INBOX}/{period} of the inbox, or it is still being copied.")
    else:
        yield dg.RunRequest(run_key=f"watch:{on}", partition_key=str(period), tags={WATCHED_ON: on.isoformat()})


def fingerprint(folder: Path) -> str | None:
    """Hash of the files' names, sizes and times; None while there is none, or one is younger than two minutes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    facts = [(str(path.relative_to(folder)), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    if not facts or time.time() - max(at for *_, at in facts) / 1e9 < SETTLED_SECONDS:
        return None
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
