"""A period linked from the last release equals one linked anew, row for row, whatever changed between the two."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.periods import last_release
from tests.matching import changing
from tests.matching.half_years import MODEL, Register, link, outcome
from tests.matching.standing import Entry, citizen_no

CHILDREN = [Entry(key=f"k{at}", citizen_no=citizen_no(order=at), student_no=f"L{at}") for at in range(1, 21)]


def _opinions(chance: random.Random, file: Path, entries: list[Entry]) -> list[changing.Judged]:
    """What somebody says of some of the pairs that were asked about."""
    with duckdb.connect(str(file), read_only=True) as con:
        asked = con.execute("select left_entry_id, right_entry_id from link.review_pair order by all").fetchall()
    ends = [[(entries[at].source, entries[at].key) for at in pair] for pair in chance.sample(asked, min(2, len(asked)))]
    return [(one, other, chance.choice(["SAME", "DIFFERENT"])) for one, other in ends]


def _goes_on_as_anew(seed: int, families: int, share: float, periods: int, folder: Path) -> list[str]:
    """Which way each later period went; every one is held against the same linked anew."""
    chance = random.Random(seed)
    entries, register, judged = changing.county(chance, families), Register(), []
    past: list[Entry] = []
    before, ways = folder / "0.duckdb", []
    link(before, entries, register)
    register.add(before, "0")
    for period in range(1, periods):
        judged += _opinions(chance, before, entries)
        entries, past = changing.later(chance, entries, share, past), past + entries
        decisions = changing.said(judged, entries)
        gone_on, anew = folder / f"{period}.duckdb", folder / f"{period}_anew.duckdb"
        ways.append(link(gone_on, entries, register, before, decisions))
        assert link(anew, entries, register, before, decisions, full=True) == "full"
        found, expected = outcome(gone_on, register), outcome(anew, register)
        assert {table: rows for table, rows in found.items() if rows != expected[table]} == {}
        register.add(gone_on, str(period))
        before = gone_on
    return ways


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), share=st.floats(0.01, 0.3))
def test_a_period_gone_on_from_the_last_release_equals_one_linked_anew(seed, share):
    with TemporaryDirectory() as folder:
        _goes_on_as_anew(seed, 14, share, 3, Path(folder))


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), families=st.integers(3, 60), share=st.floats(0.005, 0.3))
def test_so_it_does_over_four_periods_of_larger_counties(seed, families, share):
    with TemporaryDirectory() as folder:
        _goes_on_as_anew(seed, families, share, 4, Path(folder))


def test_unchanged_entries_are_taken_over(tmp_path):
    assert _goes_on_as_anew(7, 20, 0.05, 3, tmp_path) == ["incremental", "incremental"]


def test_entries_that_are_all_as_before_make_no_new_pairs_and_no_new_children(tmp_path):
    register = Register()
    link(tmp_path / "0.duckdb", CHILDREN, register)
    register.add(tmp_path / "0.duckdb", "0")
    assert link(tmp_path / "1.duckdb", CHILDREN, register, tmp_path / "0.duckdb") == "incremental"
    with duckdb.connect(str(tmp_path / "1.duckdb"), read_only=True) as con:
        assert con.execute("select distinct event from link.child_event").fetchall() == [("continue",)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("drop table link.shared_anchor", "the last release is of an earlier version of the program"),
        ("update link.basis set program = 'another'", "the program or its model file changed"),
        ("update link.trained_model set version = 'another'", "another model version is in force"),
    ],
)
def test_a_release_that_was_made_otherwise_is_not_gone_on_from(change, reason, tmp_path):
    register, before, now = Register(), tmp_path / "0.duckdb", tmp_path / "1.duckdb"
    link(before, CHILDREN, register)
    link(now, CHILDREN, register, before)
    with duckdb.connect(str(before)) as con:
        con.execute(change)
    with duckdb.connect(str(now)) as con:
        con.execute(f"attach '{before}' as last_release (read_only)")
        assert last_release.choose(con, MODEL).reason == reason
        assert not last_release.is_used(con)


def test_where_most_entries_are_new_all_are_linked_anew(tmp_path):
    register, before = Register(), tmp_path / "0.duckdb"
    link(before, CHILDREN, register)
    register.add(before, "0")
    others = [replace(child, name="李平", student_no=f"{child.student_no}9") for child in CHILDREN[:12]]
    assert link(tmp_path / "1.duckdb", others + CHILDREN[12:], register, before) == "full"


def test_a_fact_that_comes_back_at_another_childs_entry_takes_no_id_away(tmp_path):
    insured = Entry(source="medical_insurance.enrolment", key="I1", insured_no="I1", citizen_no=citizen_no())
    born_on = date(2016, 11, 30)
    another = replace(insured, name="赵敏", sex="female", born_on=born_on, citizen_no=citizen_no(born_on, 222))
    periods = [[*CHILDREN, insured], CHILDREN, [*CHILDREN, another]]
    register, before = Register(), None
    for number, entries in enumerate(periods[:2]):
        link(tmp_path / f"{number}.duckdb", entries, register, before)
        before = tmp_path / f"{number}.duckdb"
        register.add(before, str(number))
    gone_on, anew = tmp_path / "2.duckdb", tmp_path / "2_anew.duckdb"
    assert link(gone_on, periods[2], register, before) == "incremental"
    link(anew, periods[2], register, before, full=True)
    assert outcome(gone_on, register) == outcome(anew, register)
    with duckdb.connect(str(gone_on), read_only=True) as con:
        assert con.execute("select event from link.child_event where event <> 'continue' order by all").fetchall() == [
            ("mint",),
            ("split",),
        ]
