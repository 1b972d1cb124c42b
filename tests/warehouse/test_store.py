"""Building, publishing, going back and reading, in one HOME."""

import pytest

from warehouse import analysts, releases
from warehouse.releases import NothingPublished
from warehouse.store import NoBuild, Warehouse

LINK_TABLES = """
create or replace table link.child_event (child_id varchar, event varchar, other_child_id varchar, cause varchar, period varchar);
create or replace table link.entry_child (entry_id bigint, child_id varchar, how varchar, score double);
create or replace table link.anchor (anchor ubigint, child_id varchar);
"""


@pytest.fixture
def home(tmp_path):
    return tmp_path / "var"


def build(house: Warehouse, period: str, children: dict[str, list[int]], minted: tuple[str, ...] = ()) -> None:
    """Write a period's least content: who was linked, with anchors, and one mart table."""
    house.begin(period)
    con = house.cursor()
    con.execute(LINK_TABLES)
    for number, (child, anchors) in enumerate(children.items()):
        con.execute("insert into link.entry_child values (?, ?, 'alone', null)", [number, child])
        if child in minted:
            con.execute("insert into link.child_event values (?, 'mint', null, 'new', ?)", [child, period])
        for anchor in anchors:
            con.execute("insert into link.anchor values (?, ?)", [anchor, child])
    con.execute("create or replace table mart.child_count as select ?::integer as children", [len(children)])


def publish(home, period, children, minted=()):
    with Warehouse(home) as house:
        build(house, period, children, minted)
        return house.publish(period, counts={"children": len(children)})


def known_anchors(house: Warehouse) -> dict[int, tuple[str, int]]:
    rows = house.cursor().execute("select anchor, child_id, priority from prior.known_anchor").fetchall()
    return {anchor: (child, priority) for anchor, child, priority in rows}


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
        build(house, "2026H2", {"c9": [9]}, ("c9",))
        from warehouse.stores import register

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
            build(house, "2026H2", {"c1": [1]})
            house.publish("2026H2")
    assert releases.numbers(Warehouse(home).home) == [4, 5]


def test_resume_goes_on_with_the_unfinished_file_and_else_with_a_copy_of_the_published_one(home):
    with Warehouse(home) as house:
        with pytest.raises(NothingPublished, match="Begin it"):
            house.resume("2026H1")
        build(house, "2026H1", {"c1": [1]}, ("c1",))
    with Warehouse(home) as house:
        house.resume("2026H1")
        assert house.cursor().execute("select count(*) from link.entry_child").fetchall() == [(1,)]
        house.publish("2026H1")
        house.resume("2026H1")
        house.cursor().execute("delete from link.entry_child")
        assert house.read_published("2026H1").execute("select count(*) from link.entry_child").fetchall() == [(1,)]


def test_a_second_writer_is_told_who_the_first_is(home):
    from warehouse.lock import HomeBusy

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
