"""Building, publishing, going back and reading, in one HOME."""

import sqlite3

import duckdb
import pytest

from tests.warehouse.houses import empty_table, fill, insert, known_anchors, publish
from warehouse import analysts, releases
from warehouse.lock import HomeBusy
from warehouse.prior import RegisterIncomplete
from warehouse.releases import NothingPublished
from warehouse.store import NoBuild, Warehouse
from warehouse.stores import periods, register
from warehouse.stores.periods import PeriodClosed


@pytest.fixture
def home(tmp_path):
    return tmp_path / "var"


BIG = 2**64 - 3


def test_a_published_period_is_read_back(home):
    release = publish(home, "2026H1", {"c1": [1, BIG], "c2": [2]}, ("c1", "c2"))
    assert release.number == 1
    assert home.joinpath("published").readlink().as_posix() == "releases/0001"
    with Warehouse(home) as house:
        con = house.read_published("2026H1")
        assert con.execute("select count(*) from link.entry_child").fetchall() == [(2,)]
        assert house.published().periods["2026H1"].counts == {"children": 2}
    assert not list((home / "building").glob("*.duckdb*"))


def test_a_new_build_knows_the_anchors_in_force_with_the_age_of_their_child(home):
    publish(home, "2026H1", {"c2": [1, BIG], "c1": [2]}, ("c1", "c2"))
    with Warehouse(home) as house:
        house.begin("2026H2")
        assert known_anchors(house) == {1: ("c2", 1), BIG: ("c2", 1), 2: ("c1", 2)}


def test_only_new_and_changed_anchors_are_written(home):
    publish(home, "2026H1", {"c1": [1], "c2": [2]}, ("c1", "c2"))
    release = publish(home, "2026H2", {"c1": [1, 2], "c3": [3]}, ("c3",))
    assert release.periods["2026H2"].register == {"issued_child": 1, "anchor": 2, "child_event": 1}
    with Warehouse(home) as house:
        house.begin("2027H1")
        assert known_anchors(house) == {1: ("c1", 1), 2: ("c1", 1), 3: ("c3", 3)}


def test_a_build_never_published_leaves_no_trace(home):
    publish(home, "2026H1", {"c1": [1]}, ("c1",))
    with Warehouse(home) as house:
        fill(house, "2026H2", {"c9": [9]}, ("c9",))
        register.record(house.stores, house.cursor(), house.build.build_id, "2026H2")
    with Warehouse(home) as house:
        house.begin("2026H2")
        assert known_anchors(house) == {1: ("c1", 1)}
        assert set(register.count(house.stores)) == {
            (name, house.build.base[0]) for name in ("issued_child", "anchor", "child_event")
        }


def test_analysts_see_every_period(home):
    publish(home, "2026H1", {"c1": [1]}, ("c1",))
    publish(home, "2026H2", {"c1": [1], "c2": [2]}, ("c2",))
    answer = analysts.query(home, "select * from child_count order by period")
    assert (answer.columns, answer.rows) == (("period", "children"), [("2026H1", 1), ("2026H2", 2)])


def test_rollback_goes_back_one_build_and_twice_goes_back_two(home):
    for children in ({"c1": [1]}, {"c1": [1], "c2": [2]}, {"c1": [1], "c2": [2], "c3": [3]}):
        publish(home, "2026H1", children, tuple(children)[-1:])
    with Warehouse(home) as house:
        for left in (2, 1):
            release = house.rollback("2026H1", "wrong file delivered")
            assert house.read_published("2026H1").execute("select count(*) from link.entry_child").fetchall() == [
                (left,)
            ]
        assert release.history[-1].reason == "wrong file delivered"
        with pytest.raises(NothingPublished, match="no file earlier"):
            house.rollback("2026H1", "once more")
        house.begin("2026H1")
        assert known_anchors(house) == {1: ("c1", 1)}


def test_what_a_later_period_was_built_on_goes_on_counting_after_a_rollback(home):
    publish(home, "2026H1", {"c1": [1]}, ("c1",))
    publish(home, "2026H1", {"c1": [1], "c2": [2]}, ("c2",))
    publish(home, "2026H2", {"c1": [1], "c2": [2]})
    with Warehouse(home) as house:
        house.rollback("2026H1", "wrong")
        house.begin("2027H1")
        assert set(known_anchors(house)) == {1, 2}


def test_other_periods_files_are_shared_not_copied(home):
    publish(home, "2026H1", {"c1": [1]}, ("c1",))
    publish(home, "2026H2", {"c1": [1]})
    one, two = (home / "releases" / number / "2026H1.duckdb" for number in ("0001", "0002"))
    assert one.samefile(two)


def test_old_releases_are_pruned_but_a_periods_last_builds_stay(home):
    publish(home, "2026H1", {"c1": [1]}, ("c1",))
    with Warehouse(home, keep=2) as house:
        for _ in range(4):
            fill(house, "2026H2", {"c1": [1]})
            house.publish("2026H2")
    assert releases.numbers(Warehouse(home).home) == [4, 5]


def test_resume_goes_on_with_the_unfinished_file_and_else_with_a_copy_of_the_published_one(home):
    with Warehouse(home) as house:
        with pytest.raises(NothingPublished, match="Begin it"):
            house.resume("2026H1")
        fill(house, "2026H1", {"c1": [1]}, ("c1",))
    with Warehouse(home) as house:
        house.resume("2026H1")
        assert house.cursor().execute("select count(*) from link.entry_child").fetchall() == [(1,)]
        house.publish("2026H1")
        house.resume("2026H1")
        house.cursor().execute("delete from link.entry_child")
        assert house.read_published("2026H1").execute("select count(*) from link.entry_child").fetchall() == [(1,)]


def test_a_second_writer_is_told_who_the_first_is(home):
    with Warehouse(home) as first:
        first.begin("2026H1")
        with pytest.raises(HomeBusy, match=r"being written by process \d+ of user"):
            Warehouse(home).begin("2026H1")
    with Warehouse(home) as second:
        second.begin("2026H1")


def test_a_cursor_without_a_build_says_what_to_do(home):
    with pytest.raises(NoBuild, match="call begin"):
        Warehouse(home).cursor()


def test_a_wrong_period_says_the_shape(home):
    with pytest.raises(ValueError, match="2026H1"):
        Warehouse(home).begin("2026-06")


def test_a_closed_period_is_neither_built_nor_rolled_back_until_it_is_reopened(home):
    publish(home, "2026H1", {"c1": [1]}, ("c1",))
    with Warehouse(home) as house:
        periods.note(house.stores, "2026H1", "close", "figures sent")
        for act in (house.begin, house.resume, lambda period: house.rollback(period, "wrong")):
            with pytest.raises(PeriodClosed, match="Reopen it first"):
                act("2026H1")
        periods.note(house.stores, "2026H1", "reopen", "a county's file was wrong")
        house.begin("2026H1")


def test_a_merged_id_redirects_to_the_end_of_the_chain(home):
    publish(home, "2026H1", {"c1": [1], "c2": [2], "c3": [3]}, ("c1", "c2", "c3"))
    publish(home, "2026H2", {"c1": [1], "c2": [2, 3]}, merged={"c3": "c2"})
    publish(home, "2027H1", {"c1": [1, 2, 3]}, merged={"c2": "c1"})
    with Warehouse(home) as house:
        house.begin("2027H2")
        redirects = house.cursor().execute("from prior.child_redirect").fetchall()
        assert redirects == [("c2", "c1"), ("c3", "c1")]


def test_prior_is_that_of_the_last_earlier_period_even_where_later_ones_are_published(home):
    for period, child in (("2026H1", "c1"), ("2027H1", "c3")):
        with Warehouse(home) as house:
            fill(house, period, {child: [1]})
            empty_table(house.cursor(), "core", "child")
            insert(house.cursor(), "core.child", child_id=child, period=period)
            house.publish(period)
    with Warehouse(home) as house:
        house.begin("2026H2")
        assert house.cursor().execute("select child_id from prior.child").fetchall() == [("c1",)]
        house.close()
        house.begin("2025H2")
        assert house.cursor().execute("select child_id from prior.child").fetchall() == []


def test_a_column_that_the_earlier_file_lacks_is_null_in_prior(home):
    with Warehouse(home) as house:
        fill(house, "2026H1", {"c1": [1]})
        house.cursor().execute("create table core.child as select 'c1' as child_id, 'gone' as dropped_column")
        house.publish("2026H1")
        house.begin("2026H2")
        assert house.cursor().execute("select child_id, sex from prior.child").fetchall() == [("c1", None)]


def test_a_register_that_lost_rows_stops_the_next_build(home):
    publish(home, "2026H1", {"c1": [1], "c2": [2]}, ("c1", "c2"))
    store = home / "stores" / "operations.db"
    with sqlite3.connect(store) as lost:
        lost.execute("delete from issued_child where child_id = 'c2'")
    with Warehouse(home) as house, pytest.raises(RegisterIncomplete, match=r"wrote 2 rows of `issued_child`.*hold 1"):
        house.begin("2026H2")


def test_restricted_files_are_for_their_owner_alone(home):
    publish(home, "2026H1", {"c1": [1]}, ("c1",))
    with Warehouse(home) as house:
        house.begin("2026H2")
        files = [
            home / "building" / "2026H2.duckdb",
            home / "published" / "2026H1.duckdb",
            home / "stores" / "operations.db",
        ]
        assert [file.stat().st_mode & 0o077 for file in files] == [0, 0, 0]


def test_every_cursor_has_the_building_file_as_its_default(home):
    with Warehouse(home) as house:
        house.begin("2026H1")
        house.cursor().execute("create table std.entry as select 1 as entry_id")
        assert house.cursor().execute("select * from std.entry").fetchall() == [(1,)]


def test_a_cursor_that_somebody_still_holds_can_not_change_what_is_published(home):
    with Warehouse(home) as house:
        fill(house, "2026H1", {"c1": [1]}, ("c1",))
        held = house.cursor()
        house.publish("2026H1")
        with pytest.raises(duckdb.Error):
            held.execute("delete from link.entry_child")
        assert house.read_published("2026H1").execute("select count(*) from link.entry_child").fetchall() == [(1,)]
