import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.jobs import half_yearly, just_ended
from policy.period import Period

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def graph():
    return defs.resolve_asset_graph()


def test_every_room_is_a_group_and_every_asset_a_table_of_it(graph):
    groups = {key.path[0]: graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert groups == {room: room for room in groups}
    assert set(groups) == {"inbox", "raw", "std", "link", "core", "care", "mart", "published", "watched"}


def test_every_asset_is_described_and_owned(graph):
    made = [graph.get(key) for key in graph.get_all_asset_keys() if key.path[0] != "inbox"]
    assert [node.key for node in made if not node.description] == []
    assert [node.key for node in made if not node.owners] == []


def test_lineage_leads_from_every_delivery_to_the_release(graph):
    below = graph.get_ancestor_asset_keys(dg.AssetKey(["published", "release"]), include_self=False)
    assert {key for key in graph.get_all_asset_keys() if key.path[0] == "inbox"} <= below
    rooms = {"inbox", "raw", "std", "link", "core", "care", "mart", "published"}
    assert {key.path[0] for key in below} == rooms


def test_gates_block(graph):
    blocking = {
        (check.asset_key.path[0], check.name)
        for check in graph.asset_check_keys
        if graph.get_check_spec(check).blocking
    }
    assert blocking >= {("raw", "education_enrolment"), ("std", "row_faults"), ("published", "publish_audits")}


@pytest.mark.parametrize(
    ("on", "ended"), [("2026-07-10", "2026H1"), ("2027-01-10", "2026H2"), ("2026-06-30", "2025H2")]
)
def test_the_schedule_names_the_half_year_just_ended(on, ended):
    from datetime import date

    assert just_ended(date.fromisoformat(on)) == Period(ended)


def test_the_schedule_asks_for_that_partition():
    from datetime import datetime

    context = dg.build_schedule_context(scheduled_execution_time=datetime.fromisoformat("2026-07-10T02:00:00+08:00"))
    (request,) = half_yearly(context)
    assert request.partition_key == "2026H1"


@pytest.mark.slow
def test_dagster_validates_the_workspace(tmp_path):
    import os

    done = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-w", "workspace.yaml"],
        cwd=ROOT,
        env={**os.environ, "DAGSTER_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
