"""Answers from the truth reach the store of decisions, and hold in the next period."""

from pathlib import Path

import duckdb
import pytest

from benchmarks import stewards
from benchmarks.command import childindex
from benchmarks.judged import opened
from connectors.sample import DEFAULT, write
from warehouse.store import Warehouse
from warehouse.stores import decisions


@pytest.fixture
def asked() -> duckdb.DuckDBPyConnection:
    """Four open pairs: one child, two children, one whose entries share a key, one the truth doesn't know."""
    con = duckdb.connect()
    con.execute(
        """
        create schema std;
        create table std.entry as
        select place as entry_id, 'health' as feed, 'child_health' as table_name,
            case when place < 4 then 'k' || place else 'k4' end as key
        from range(6) as r(place);
        create temp table asked_pair as
        from (values (0, 1, true), (1, 2, false), (4, 5, true), (0, 3, null))
            as pair(left_entry_id, right_entry_id, is_same)
        """
    )
    return con


def test_each_pair_is_answered_as_it_is(asked: duckdb.DuckDBPyConnection, tmp_path: Path):
    assert stewards.answer(asked, tmp_path) == stewards.Answered(same=1, different=1, unsayable=1)
    with Warehouse(tmp_path) as warehouse:
        held = decisions.read_holding(warehouse.stores).to_pylist()
    assert [(row["left_key"], row["right_key"], row["judgement"]) for row in held] == [
        ("k0", "k1", "SAME"),
        ("k1", "k2", "DIFFERENT"),
    ]


@pytest.mark.slow
def test_what_stewards_answer_from_the_truth_holds_in_the_next_period(tmp_path: Path):
    county, home, keys = tmp_path / "county", tmp_path / "home", tmp_path / "keys"
    first, second = stewards.PERIODS
    write(county, jurisdiction="429006", children=300, periods=stewards.PERIODS, seed=11, faults=DEFAULT.scaled(8))
    about = ("--home", home, "--inbox", county / "inbox", "--jurisdiction", "429006")
    childindex("run", *about, "--period", first, keys=keys)
    with opened(home, county / "truth", first) as (con, _):
        (cases,) = con.execute("select count(*) from link.review_case").fetchone()
    ended = stewards.decide(home, county / "truth", first, "429006")
    assert sum(ended.values()) == cases > 5
    assert set(ended) <= {"done", "confirmed"}
    childindex("run", *about, "--period", second, keys=keys)
    became = stewards.kept(home, second)
    assert became["kept"] > 5
    assert set(became) <= {"kept", "entry not delivered again"}
