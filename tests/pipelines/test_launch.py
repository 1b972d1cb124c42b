from collections import Counter
from pathlib import Path

import dagster as dg
import sqlalchemy as sa

from pipelines.launch import dagster_instance
from warehouse.stores.engine import open_stores


def test_dagster_keeps_its_records_in_home_and_telephones_nobody(tmp_path):
    with dagster_instance(tmp_path) as instance:
        assert not instance.get_settings("telemetry").get("enabled", True)
    assert (tmp_path / "dagster" / "dagster.yaml").exists()


def test_what_can_not_be_rebuilt_still_waits_for_the_disk(tmp_path):
    with dagster_instance(tmp_path), open_stores(tmp_path / "stores").connect() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar_one() == 2


@dg.asset
def counted() -> None: ...


@dg.multi_asset(specs=[dg.AssetSpec(f"part_{place}") for place in range(9)])
def parts():
    for place in range(9):
        yield dg.MaterializeResult(asset_key=f"part_{place}")


JOB = dg.Definitions([counted], jobs=[dg.define_asset_job("job")]).resolve_job_def("job")


LONGER_JOB = dg.Definitions([counted, parts], jobs=[dg.define_asset_job("job")]).resolve_job_def("job")


def test_a_run_opens_its_event_logs_as_often_however_many_events_it_stores(tmp_path):
    opened = Counter()

    def note(connection, _record):
        (_, _, file), *_ = connection.execute("pragma database_list").fetchall()
        opened[Path(file).parent.name] += 1

    sa.event.listen(sa.Engine, "connect", note)
    try:
        with dagster_instance(tmp_path) as instance:
            JOB.execute_in_process(instance=instance)  # makes and opens the log that all runs share
            times = [_times_opened(opened, instance, job) for job in (JOB, LONGER_JOB)]
    finally:
        sa.event.remove(sa.Engine, "connect", note)
    assert times[0] == times[1]


def _times_opened(opened, instance, job):
    before = opened["runs"]
    job.execute_in_process(instance=instance)
    return opened["runs"] - before


def test_dagster_itself_reads_the_events_that_a_run_stored(tmp_path):
    with dagster_instance(tmp_path) as instance:
        JOB.execute_in_process(instance=instance)
    with dg.DagsterInstance.from_config(str(tmp_path / "dagster")) as own:
        assert own.get_latest_materialization_event(dg.AssetKey("counted")) is not None
