"""A run after decisions goes on from what is published, and comes to what a run of everything comes to."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from pipelines import inputs, sensors, site
from pipelines.launch import dagster_instance
from policy.period import Period
from warehouse import releases
from warehouse.home import Home
from warehouse.store import Warehouse
from warehouse.stores import decisions, ledger
from warehouse.stores.actors import Actor
from warehouse.stores.decisions import Decision
from warehouse.stores.ledger import LedgerAct

FIRST, SECOND = "2026H1", "2026H2"
GOES_ON = "交付与上次发布时相同"
_CHILD = re.compile(r"\bc[a-z2-7]{13}\b")
_OF_THE_WAY = {("link", "basis"), ("link", "quality")}  # how the period was linked
_ASKED = """
    select a.feed, a.table_name, a.key, b.feed, b.table_name, b.key
    from link.review_pair as asked
    join std.entry as a on a.entry_id = asked.left_entry_id
    join std.entry as b on b.entry_id = asked.right_entry_id
    where a.key is not null and b.key is not null and (a.feed, a.table_name, a.key) <> (b.feed, b.table_name, b.key)
    order by asked.left_entry_id, asked.right_entry_id
"""
_LINKED = """
    select a.feed, a.table_name, a.key, b.feed, b.table_name, b.key
    from link.entry_child as l
    join link.entry_child as r on r.child_id = l.child_id and l.entry_id < r.entry_id
    join std.entry as a on a.entry_id = l.entry_id
    join std.entry as b on b.entry_id = r.entry_id
    where a.key is not null and b.key is not null and a.feed <> b.feed
    order by l.entry_id, r.entry_id
    limit 4
"""


@pytest.fixture(params=[FIRST, SECOND])
def decided(home, county, request, tmp_path) -> tuple[Path, str]:
    """A copy of the published home in which people joined, parted and opened a file."""
    period = request.param
    copy = tmp_path / "home"
    shutil.copytree(home, copy, symlinks=True)
    with Warehouse(copy) as house:
        con = house.read_published(period)
        asked, linked = con.execute(_ASKED).fetchall(), con.execute(_LINKED).fetchall()
        (migrant,) = con.execute(
            "select child_id from care.migrant_status where status = 'migrant' order by child_id limit 1"
        ).fetchone()
        con.close()
        assert len(asked) >= 2
        said = [(pair, "SAME" if place % 2 else "DIFFERENT") for place, pair in enumerate(asked)]
        said += [(pair, "DIFFERENT") for pair in linked]
        for pair, judgement in said:
            _decide(house, pair, judgement)
        opened = LedgerAct(period, migrant, "hardship", "open", Period(period).as_of, "as the village told")
        ledger.add(house.stores, Actor("zhang"), opened)
    return copy, period


def _decide(house, pair, judgement):
    at = datetime.now(UTC).replace(tzinfo=None)
    decisions.add(house.stores, Decision(pair[:3], pair[3:], judgement, "", "zhang", at, ""))


def _run(childindex, home, county, period, *more):
    about = ("--home", home, "--inbox", county / "inbox", "--jurisdiction", "429006", "--period", period)
    done = childindex("run", *about, *more)
    assert done.returncode == 0, done.stderr
    return done


def test_it_comes_to_what_a_run_of_everything_comes_to(decided, county, childindex, tmp_path):
    home, period = decided
    other = tmp_path / "other"
    shutil.copytree(home, other, symlinks=True)
    before = _rows(home, period)
    went_on, anew = _run(childindex, home, county, period), _run(childindex, other, county, period, "--full")
    assert GOES_ON in went_on.stderr
    assert GOES_ON not in anew.stderr
    assert "增量 incremental" in went_on.stdout
    mine, theirs = _rows(home, period), _rows(other, period)
    assert mine.keys() == theirs.keys()
    assert [table for table in mine if mine[table] != theirs[table]] == []
    changed = {table for table in mine if mine[table] != before[table]}
    assert {("link", "cluster"), ("core", "child"), ("care", "key_care"), ("mart", "child_period")} <= changed
    again = _run(childindex, home, county, period)  # and nothing was decided since
    assert GOES_ON in again.stderr
    assert _children(_rows(home, period)) == _children(mine)


def _rows(home: Path, period: str) -> dict[tuple[str, str], list[str]]:
    """Every row of the rooms behind ``std`` as text, with each child named by its entries."""
    with Warehouse(home) as house:
        con = house.read_published(period)
        try:
            named = dict(
                con.execute(
                    "select child_id, md5(string_agg(entry_id::varchar, ' ' order by entry_id)) "
                    "from link.entry_child where child_id is not null group by child_id"
                ).fetchall()
            )
            tables = con.execute(
                "select schema_name, table_name, list(column_name) from duckdb_columns() where database_name = "
                "current_database() and schema_name in ('link', 'core', 'care', 'mart') group by all order by all"
            ).fetchall()
            return {
                (room, table): sorted(
                    _CHILD.sub(lambda found: named.get(found[0], found[0]), str(row))
                    for row in con.execute(f"select {_told(columns)} from {room}.{table}").fetchall()
                )
                for room, table, columns in tables
                if (room, table) not in _OF_THE_WAY
            }
        finally:
            con.close()


def _told(columns) -> str:
    """But for tokens, which are made of a child's id."""
    return ", ".join(f'"{column}"' for column in columns if not column.endswith("token"))


def _children(rows):
    """Who the children are and what they are listed for; what became of ids, the build tells that did it."""
    of_ids = {("core", "child_event"), ("care", "status_change")}
    return {table: told for table, told in rows.items() if table[0] in ("core", "care") and table not in of_ids}


@pytest.fixture
def mine(home, tmp_path):
    """A copy of the published home."""
    copy = tmp_path / "home"
    shutil.copytree(home, copy, symlinks=True)
    return copy


def test_a_delivery_that_changed_is_read_again(mine, county, childindex, tmp_path):
    inbox = tmp_path / "county" / "inbox"
    shutil.copytree(county / "inbox", inbox)
    assert inputs.are_published(mine, _site(mine, inbox), Period(SECOND))
    file = next(file for file in sorted((inbox / SECOND).rglob("*.csv")) if "education" in file.parts)
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    assert not inputs.are_published(mine, _site(mine, inbox), Period(SECOND))
    assert inputs.are_published(mine, _site(mine, inbox), Period(FIRST))
    done = _run(childindex, mine, inbox.parent, SECOND)
    assert GOES_ON not in done.stderr
    assert "全量 full (the period is built again)" in done.stdout
    assert inputs.are_published(mine, _site(mine, inbox), Period(SECOND))


@pytest.mark.parametrize(
    "change",
    [
        lambda home, settings: (settings.model_copy(update={"jurisdiction": "420000"}), None),
        lambda home, settings: (settings, home / "feeds/education/enrolment.yml"),
        lambda home, settings: (settings, home / f"mended/{SECOND}/education_enrolment/mended.csv"),
        lambda home, settings: (settings.model_copy(update={"feeds": {"education": site.FeedLocation(url="x")}}), None),
        lambda home, settings: (settings.using(engine="spark"), None),
    ],
)
def test_whatever_else_a_build_is_made_of_is_looked_at(mine, county, change):
    settings = _site(mine, county / "inbox")
    assert inputs.are_published(mine, settings, Period(SECOND))
    settings, file = change(mine, settings)
    if file:
        file.parent.mkdir(parents=True)
        file.write_text("anything")
    assert not inputs.are_published(mine, settings, Period(SECOND))


def test_an_earlier_period_published_anew_is_another_ground(mine, county, childindex):
    _run(childindex, mine, county, FIRST)
    assert not inputs.are_published(mine, _site(mine, county / "inbox"), Period(SECOND))


def _site(home, inbox):
    return site.load(home).model_copy(update={"inbox": inbox})


class TestSensor:
    @pytest.fixture
    def asked(self, mine, county, monkeypatch):
        monkeypatch.setenv("CHILDINDEX_HOME", str(mine))
        with dagster_instance(mine) as instance:
            yield lambda: list(sensors.new_decisions(dg.build_sensor_context(instance=instance)))

    def test_nothing_new_asks_for_nothing(self, asked):
        (said,) = asked()
        assert isinstance(said, dg.SkipReason)

    def test_it_asks_once_people_have_come_to_rest(self, asked, mine, monkeypatch):
        with Warehouse(mine) as house:
            con = house.read_published(SECOND)
            pair = con.execute(_LINKED).fetchone()
            con.close()
            _decide(house, pair, "DIFFERENT")
            last = decisions.last(house.stores)
        (waits,) = asked()
        assert "30 minutes" in waits.skip_message
        monkeypatch.setattr(sensors, "now", lambda: last.at + timedelta(minutes=31))
        (request,), (again,) = asked(), asked()
        assert (request.partition_key, request.run_key) == (SECOND, again.run_key)
        assert request.run_key == f"{SECOND}:decision {last.id}"

    def test_what_a_later_build_knows_is_not_asked_for(self, asked, mine, monkeypatch):
        with Warehouse(mine) as house:
            con = house.read_published(SECOND)
            _decide(house, con.execute(_LINKED).fetchone(), "DIFFERENT")
            con.close()
        entry = releases.in_force(Home.at(mine)).periods[SECOND]
        monkeypatch.setattr(releases, "begun_at", lambda build: datetime(2100, 1, 1) if build == entry.build_id else 0)
        (said,) = asked()
        assert isinstance(said, dg.SkipReason)

    def test_a_site_may_want_no_run_by_itself(self, asked, mine):
        settings = mine / "site.yaml"
        settings.write_text(settings.read_text().replace("rerun_after_minutes: 30", "rerun_after_minutes: null"))
        (said,) = asked()
        assert "no run by itself" in said.skip_message


def test_dagster_runs_it_too(mine, county, childindex):
    """The job as the sensor asks for it, in the process that Dagster would start."""
    with Warehouse(mine) as house:
        con = house.read_published(SECOND)
        _decide(house, con.execute(_LINKED).fetchone(), "DIFFERENT")
        con.close()
    from pipelines.definitions import defs

    with dagster_instance(mine) as instance, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHILDINDEX_HOME", str(mine))
        job = defs.resolve_job_def("after_decisions")
        done = job.execute_in_process(instance=instance, partition_key=SECOND, raise_on_error=False)
    assert done.success
    assert {event.asset_key.path[0] for event in done.get_asset_materialization_events()} == {
        *("link", "core", "care", "mart", "published")
    }
    release = releases.in_force(Home.at(mine))
    assert (release.number, release.history[-1].period) == (3, SECOND)
