"""Runs the jobs in this process, through the same assets that Dagster runs on a schedule."""

import logging
import os
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import sqlalchemy as sa
from dagster._core.instance.ref import InstanceRef
from rich.console import Console

from pipelines import inputs
from pipelines.assets import rooms
from pipelines.definitions import STEPS, STEPS_AFTER_DECISIONS, defs
from pipelines.event_log import KeptEventLog
from pipelines.monitoring_run import AFTER_DECISIONS, MonitoringRun
from pipelines.progress import RoomBars
from pipelines.site import Site
from policy.period import Period

_DAGSTER_YAML = "telemetry:\n  enabled: false\nnux:  # its first page asks for an address\n  enabled: false\n"


@dataclass(frozen=True, slots=True)
class Launched:
    """What a run came to: published, stopped at a gate (``run.outcome``) or failed (``run.failure``)."""

    run: MonitoringRun
    bars: RoomBars
    published: bool


def launch(
    home: Path, site: Site, period: Period, console: Console, retrain: bool = False, full: bool = False
) -> Launched:
    """Materialise every asset of the period's partition in process, with a bar a room.

    ``retrain``: train a new version of the linkage model, though one is in force. ``full``: link every entry anew.
    """
    goes_on = not (retrain or full) and inputs.are_published(home, site, period)
    job = defs.resolve_job_def(AFTER_DECISIONS if goes_on else "monitoring")
    bars = RoomBars(_steps(job) if goes_on else STEPS, console)
    if goes_on:
        console.print(
            "交付与上次发布时相同，只并入其后的核查结论（--full 全部重做）。 The deliveries are those "
            "that are published: only what people decided since is worked in (--full makes everything anew).",
            soft_wrap=True,
        )
    with dagster_instance(home) as instance:
        run = MonitoringRun(
            home,
            site,
            run_id=f"cli-{os.getpid()}",
            sink=bars,
            notice=lambda words: console.print(words, markup=False, soft_wrap=True),
            retrain=retrain,
            full=full,
            goes_on=goes_on,
        )
        try:
            with bars.shown():
                published = _execute(job, instance, run, period)
        finally:
            run.close()
    return Launched(run, bars, published)


def watch(home: Path, site: Site, on: date) -> tuple[MonitoringRun, bool]:
    """Look at the site's watched counties on a day between two closes, by what its inbox holds of the half-year.

    What was found is kept in the stores; nothing is published, and the file that was built is removed. Tells whether
    it went through.
    """
    with dagster_instance(home) as instance:
        run = MonitoringRun(home, site, run_id=f"watch-{os.getpid()}", on=on)
        try:
            done = _execute(defs.resolve_job_def("watching"), instance, run, Period.holding(on))
        finally:
            run.close()
    return run, done


def _execute(job: dg.JobDefinition, instance: dg.DagsterInstance, run: MonitoringRun, period: Period) -> bool:
    """Run a job in this process; what goes wrong is in the run's own words."""
    done = job.execute_in_process(
        instance=instance,
        partition_key=str(period),
        resources={"run": dg.ResourceDefinition.hardcoded_resource(run)},
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    return done.success


def _steps(job: dg.JobDefinition) -> dict[str, int]:
    """Steps by room of a run that goes on: of the rooms of SQL, the tables that rest on links."""
    made = Counter(key.path[0] for key in job.asset_layer.executable_asset_keys)
    return STEPS_AFTER_DECISIONS | {room: made[room] for room in rooms.ROOMS}


def dagster_instance(home: Path) -> dg.DagsterInstance:
    """Dagster's own records, in HOME, telemetry off."""
    if not sa.event.contains(sa.Engine, "connect", _sync_less):
        sa.event.listen(sa.Engine, "connect", _sync_less)
    folder = home / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "dagster.yaml").exists():
        (folder / "dagster.yaml").write_text(_DAGSTER_YAML, encoding="utf-8")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    event_log = {
        "module": KeptEventLog.__module__,
        "class": KeptEventLog.__name__,
        "config": {"base_dir": str(folder / "history" / "runs")},  # where Dagster's own pages look
    }
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(folder), overrides={"event_log_storage": event_log}))


def _sync_less(connection: object, _record: object) -> None:
    """Dagster commits a dozen times a step; waiting for the disk each time takes longer than the run's own work.

    With a write-ahead log, what a power cut can lose is the last events, which a killed run repeats. The stores of what
    can't be rebuilt set their own, stricter, way after this.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = normal").close()
