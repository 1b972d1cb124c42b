"""The register of child ids, build by build."""

import time

import duckdb
import pyarrow as pa
import pytest

from warehouse.stores import register

FIRST, SECOND = 20260701090000000, 20270101090000000


@pytest.fixture
def con():
    """A build's link tables, with nothing known before."""
    made = duckdb.connect()
    made.execute(
        """
        create schema link; create schema prior;
        create table link.child_event
            (child_id varchar, event varchar, other_child_id varchar, cause varchar, period varchar);
        create table link.entry_child (entry_id bigint, child_id varchar, how varchar, score double);
        create table link.anchor (anchor ubigint, child_id varchar);
        create table prior.known_anchor (anchor ubigint, child_id varchar, priority integer);
        insert into link.child_event values
            ('cz', 'mint', null, 'new', '2026H1'), ('ca', 'mint', null, 'new', '2026H1'),
            ('ck', 'continue', null, 'known', '2026H1');
        insert into link.entry_child values
            (1, 'cz', 'alone', null), (2, 'ca', 'score', 9), (3, 'ca', 'score', 9), (4, 'ck', 'alone', null);
        insert into link.anchor values (18446744073709551615, 'cz'), (2, 'ca'), (3, 'ck');
        insert into prior.known_anchor values (3, 'ck', 1), (2, 'ck', 1);
        """
    )
    return made


def test_ids_are_issued_in_the_order_of_their_least_entry(stores, con):
    register.record(stores, con, FIRST, "2026H1")
    assert register.read_issued(stores, [FIRST]).to_pylist() == [
        {"child_id": "cz", "build_id": FIRST, "period": "2026H1", "ordinal": 1},
        {"child_id": "ca", "build_id": FIRST, "period": "2026H1", "ordinal": 2},
    ]


def test_anchors_that_are_known_for_that_child_are_not_written_again(stores, con):
    written = register.record(stores, con, FIRST, "2026H1")
    assert written == {"issued_child": 2, "anchor": 2, "child_event": 3}
    found = register.read_anchors(stores, [FIRST]).to_pylist()
    assert found == [{"anchor": 2, "child_id": "ca"}, {"anchor": 2**64 - 1, "child_id": "cz"}]


def test_of_no_builds_there_are_no_anchors_but_their_columns(stores):
    assert register.read_anchors(stores, []).schema == pa.schema([("anchor", pa.uint64()), ("child_id", pa.string())])


def test_recording_a_build_again_replaces_its_rows(stores, con):
    register.record(stores, con, FIRST, "2026H1")
    con.execute("delete from link.anchor where anchor = 2")
    assert register.record(stores, con, FIRST, "2026H1")["anchor"] == 1
    assert register.count(stores)["anchor", FIRST] == 1


def test_only_the_builds_asked_for_count(stores, con):
    register.record(stores, con, FIRST, "2026H1")
    register.record(stores, con, SECOND, "2026H2")
    assert register.read_anchors(stores, [FIRST]).num_rows == 2
    assert register.read_anchors(stores, [FIRST, SECOND]).num_rows == 4


def test_purging_removes_the_builds_that_are_not_kept(stores, con):
    register.record(stores, con, FIRST, "2026H1")
    register.record(stores, con, SECOND, "2026H2")
    assert register.purge(stores, [FIRST]) == 6
    assert {build for _, build in register.count(stores)} == {FIRST}


def test_events_can_leave_out_the_many_that_only_go_on(stores, con):
    register.record(stores, con, FIRST, "2026H1")
    assert [each["event"] for each in register.read_events(stores, [FIRST], but=("continue",)).to_pylist()] == [
        "mint",
        "mint",
    ]


@pytest.mark.slow
def test_two_and_a_half_million_anchors_take_seconds(stores, con):
    con.execute("insert into link.anchor select distinct hash(i), 'c' || (i % 200000) from range(2500000) t(i)")
    began = time.process_time()
    many = register.record(stores, con, FIRST, "2026H1")["anchor"]
    assert register.read_anchors(stores, [FIRST]).num_rows == many > 2_499_000
    assert time.process_time() - began < 10  # of the processor; 2 to 3 s when it was written
