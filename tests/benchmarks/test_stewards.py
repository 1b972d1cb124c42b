"""Answers from the truth reach the store of decisions."""

from pathlib import Path

import duckdb
import pytest

from benchmarks import stewards
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
