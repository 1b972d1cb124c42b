"""Children who were merged keep their place in the national system; who was never on a sheet isn't entered."""

import duckdb
import pytest

from policy.period import Period
from reporting import national_standing
from warehouse.stores import national_entries
from warehouse.stores.engine import open_stores

PERIOD = Period("2026H1")
RELEASE = """
    create schema core; create schema care; create schema policy;
    create table core.child_redirect as select 'c_old' as child_id, 'c_one' as to_child_id;
    create table policy.county as select '429006' as code, null::varchar as prefecture, '420000' as province;
    create table care.migrant_status as
        select unnest(['c_one', 'c_two', 'c_far']) as child_id, 'migrant' as status,
            [unnest(['429006', '429006', '110101'])] as residence_codes;
"""


@pytest.fixture
def con():
    """A release of two migrant children here and one elsewhere; c_old became c_one."""
    con = duckdb.connect()
    con.execute(RELEASE)
    return con


@pytest.fixture
def stores(tmp_path):
    return open_stores(tmp_path)


def test_a_child_entered_under_an_id_that_was_merged_is_entered(con, stores):
    national_entries.note(stores, "2026H1", [("c_old", "entered", None)])
    national_entries.note(stores, "2026H1", [("c_one", "pending", None)])
    assert {child: each.state for child, each in national_standing.read(con, stores, PERIOD).items()} == {
        "c_one": "entered"
    }


def test_a_later_failure_of_an_id_holds_until_it_is_entered(con, stores):
    national_entries.note(stores, "2026H1", [("c_old", "pending", None)])
    national_entries.note(stores, "2026H1", [("c_one", "failed", "重复")])
    assert national_standing.read(con, stores, PERIOD)["c_one"].state == "failed"


def test_a_child_that_was_never_on_a_sheet_is_yet_to_be_entered(con, stores):
    national_entries.note(stores, "2026H1", [("c_old", "entered", None), ("c_far", "entered", None)])
    assert national_standing.progress(con, stores, PERIOD, "429006") == (1, 2)
    national_entries.note(stores, "2026H1", [("c_two", "entered", None)])
    assert national_standing.progress(con, stores, PERIOD, "420000") == (2, 2)
