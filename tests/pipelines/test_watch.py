"""Counties of dynamic monitoring between two closes: tasks come of what was delivered, and nothing is published."""

import os
from datetime import date, datetime

import dagster as dg
import openpyxl
import pytest
from click.testing import CliRunner

from connectors.sample import write
from pipelines.cli import commands
from pipelines.monitoring_run import WATCHED_ON
from pipelines.sensors import between_closes
from pipelines.site import SiteError, load
from warehouse.home import Home
from warehouse.releases import in_force
from warehouse.stores import runs, watches
from warehouse.stores.engine import open_stores

ON = date(2026, 11, 20)


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    keys = str(tmp_path_factory.mktemp("keys"))
    return lambda *words: CliRunner(env={"CHILDINDEX_KEYS": keys}).invoke(
        commands, list(map(str, words)), standalone_mode=False
    )


@pytest.fixture(scope="module")
def home(call, tmp_path_factory):
    """A watched county with the first half-year published; what came since lies apart from the next deliveries."""
    county, home = tmp_path_factory.mktemp("county"), tmp_path_factory.mktemp("home")
    write(county, jurisdiction="429006", children=300, periods=("2026H1", "2026H2"), seed=11)
    inbox = county / "inbox"
    done = call("run", "--home", home, "--inbox", inbox, "--jurisdiction", "429006", "--period", "2026H1")
    assert not done.return_value, done.output
    (inbox / "watch").mkdir()
    (inbox / "2026H2").rename(inbox / "watch" / "2026H2")
    for file in inbox.rglob("*.*"):
        os.utime(file, (1_700_000_000, 1_700_000_000))  # came long ago: nobody is copying it any more
    site = home / "site.yaml"
    site.write_text(site.read_text(encoding="utf-8").replace("watched: []", 'watched: ["429006"]'), encoding="utf-8")
    return home


def stores(home):
    return open_stores(Home.at(home).stores)


@pytest.fixture(scope="module")
def watched(call, home):
    done = call("watch", "run", "--home", home, "--on", ON)
    assert not done.return_value, done.output
    return done.output


def test_a_watch_keeps_tasks_of_children_whom_the_index_knows(home, watched):
    (found,) = watches.read(stores(home))
    assert (found.watch.county, found.watch.watched_on, found.watch.period) == ("429006", ON, "2026H2")
    assert found.watch.migrants > 0
    assert found.watch.events == len(found.events) > 0
    assert all(event.happened_on <= ON and event.due_on >= event.happened_on for event in found.events)
    assert {event.rule_id for event in found.events} == {"events/429006"}
    assert "watched/national" not in watched
    assert "动态监测" not in watched or "cn-2024-35/watched" in watched


def test_a_watch_publishes_nothing_and_leaves_nothing_to_go_on_from(home, watched):
    release = in_force(Home.at(home))
    assert list(release.periods) == ["2026H1"]
    assert not Home.at(home).building_file("2026H2").exists()
    assert {run.period for run in runs.read(stores(home))} == {"2026H1"}


def test_the_tasks_are_a_list_with_the_children_s_names(call, home, watched, tmp_path):
    out = tmp_path / "watched.xlsx"
    done = call("list", "watched", "--home", home, "--period", "2026H1", "--out", out)
    assert done.exit_code == 0, done.exception
    (found,) = watches.read(stores(home))
    headings, *rows = openpyxl.load_workbook(out)["名单"].iter_rows(values_only=True)
    assert len(rows) == sum(event.state == "open" for event in found.events) > 0
    assert all(row[headings.index("姓名")] for row in rows)
    assert {row[headings.index("查看日期")] for row in rows} == {ON.isoformat()}


def out_of_school(home):
    """Since when each child wants a school, by the newest watch."""
    (found,) = watches.read(stores(home))
    wanted = ("school_age_not_enrolled", "open")
    return {event.child_id: event.happened_on for event in found.events if (event.kind, event.state) == wanted}


def test_a_second_watch_counts_the_days_of_a_missing_school_from_the_first(call, home, watched):
    first = out_of_school(home)
    assert not call("watch", "run", "--home", home, "--on", "2026-12-05").return_value
    again = out_of_school(home)
    assert first
    assert {child: again[child] for child in first if child in again} == {c: d for c, d in first.items() if c in again}
    assert "2026-12-05" in call("watch", "status", "--home", home).output


@pytest.mark.parametrize(("on", "asks"), [("2026-12-20", False), ("2027-01-20", False), ("2026-12-31", False)])
def test_the_schedule_waits_until_a_county_is_due(home, watched, monkeypatch, on, asks):
    monkeypatch.setenv("CHILDINDEX_HOME", str(home))
    watches.note(stores(home), [watches.Watched(watches.Watch("2026H2", date(2026, 12, 6), "429006", 1, 1, 0, 0), [])])
    told = ask(on)
    assert isinstance(told, dg.RunRequest) == asks


def test_the_schedule_asks_for_the_half_year_under_way_on_its_day(call, home, monkeypatch):
    monkeypatch.setenv("CHILDINDEX_HOME", str(home))
    watches.note(stores(home), [watches.Watched(watches.Watch("2026H2", date(2026, 10, 1), "429006", 1, 1, 0, 0), [])])
    told = ask("2026-12-31")
    assert isinstance(told, dg.RunRequest), told
    assert (told.partition_key, told.tags[WATCHED_ON]) == ("2026H2", "2026-12-31")


def ask(on):
    at = datetime.fromisoformat(f"{on}T01:30:00+08:00")
    (told,) = between_closes(dg.build_schedule_context(scheduled_execution_time=at))
    return told


def test_what_can_not_be_watched_is_said(call, home, tmp_path):
    done = call("watch", "run", "--home", home, "--on", "2027-03-01")
    assert "No folder 2027H1" in str(done.exception)
    (tmp_path / "site.yaml").write_text('jurisdiction: "429006"\ninbox: inbox\n')
    assert "No county is watched" in str(call("watch", "status", "--home", tmp_path).exception)
    (tmp_path / "site.yaml").write_text('jurisdiction: "429006"\ninbox: inbox\nwatched: ["420000"]\n')
    with pytest.raises(SiteError, match="not the code of a county"):
        load(tmp_path)
