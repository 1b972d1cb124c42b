"""Pairs, splits and merges of a few invented children beside their truth."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from benchmarks import judged, losses
from benchmarks.bars import measure
from matching import linkage, model
from tests.matching.standing import Entry, Guardian, citizen_no, write_std

MOTHER = Guardian("李芳", citizen_no(date(1988, 3, 4), 22, "420984"))
ENTRIES = [
    Entry(guardians=(MOTHER,), citizen_no=citizen_no()),
    Entry(source="health.child_health", guardians=(MOTHER,), citizen_no=citizen_no()),
    Entry(
        "欧阳明月", source="public_security.residence", born_on=date(2011, 11, 11), hukou_county=None
    ),  # an, truth says
    Entry("王安", source="civil_affairs.welfare", born_on=None, hukou_county=None, residence_county=None),  # an
    Entry("王平", born_on=date(2018, 8, 9), guardians=(MOTHER,)),
    Entry("王平", source="health.child_health", born_on=date(2018, 8, 9), guardians=(MOTHER,)),  # another, truth says
    Entry("赵敏", born_on=date(1990, 1, 1), is_adult=True),  # a child, truth says
    Entry("赵敏", source="health.child_health", born_on=date(2010, 1, 1)),
]
TRUTH = ["an", "an", "an", "an", "ping", "other", "min", "min"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sample's truth folder."""
    rows = [
        f"{','.join(entry.source.split('.'))},k{place},{child}"
        for place, (entry, child) in enumerate(zip(ENTRIES, TRUTH, strict=True))
    ]
    (tmp_path / "links_2026H1.csv").write_text("\n".join(["feed,table,key,child", *rows]) + "\n", encoding="utf-8")
    children = [f"{child},2016-05-01,01" for child in sorted(set(TRUTH))]
    (tmp_path / "children_2026H1.csv").write_text("\n".join(["child,born,ethnic", *children]) + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """Those children, linked."""
    con = duckdb.connect()
    write_std(con, ENTRIES)
    linkage.link(con, model.load(), "2026H1")
    return con


def test_pairs_are_linkable_by_what_they_share_after_the_faults(con, folder):
    judged.judge(con, folder, "2026H1")
    pairs = con.execute("select left_entry, right_entry, is_found, is_linkable from true_pair order by all").fetchall()
    assert (0, 1, True, True) in pairs
    assert (0, 2, False, False) in pairs
    assert (0, 3, False, False) in pairs  # a name alone is no way to know a child


def test_one_fault_leaves_a_pair_linkable_and_two_do_not(con, folder):
    rows = ["feed,table,file,row,column,fault"] + [f"education,enrolment,file,6,{at}" for at in ("姓名,nickname",)]
    (folder / "faults_2026H1.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    con.execute("update std.entry set born_on = date '2010-01-01' where entry_id = 6")
    con.execute(
        "update std.entry set name_id = (select name_id from std.name where delivered = '王平') where entry_id = 6"
    )
    judged.judge(con, folder, "2026H1")
    asked = "select is_linkable from true_pair where child = 'min'"
    assert con.execute(asked).fetchall() == [(True,)]
    rows.append("education,enrolment,file,6,出生日期,wrong_year")
    (folder / "faults_2026H1.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    con.execute("update std.entry set born_on = date '2009-01-01' where entry_id = 6")
    judged.judge(con, folder, "2026H1")
    assert con.execute(asked).fetchall() == [(False,)]


def test_a_split_says_how_far_its_best_pair_came(con, folder):
    judged.judge(con, folder, "2026H1")
    stages = {(child, stage) for child, stage in con.execute("select child, stage from split").fetchall()}
    assert ("an", "not blocked") in stages
    assert ("min", "adult") in stages


def test_a_merge_names_both_children_and_what_joined_them(con, folder):
    judged.judge(con, folder, "2026H1")
    assert con.execute("select one, other, pairs, how from merge").fetchall() == [("other", "ping", 1, "linked")]


def test_figures_count_right_and_wrong_links(con, folder):
    figures = measure(con, judged.judge(con, folder, "2026H1"))
    assert (figures["precision"].part, figures["precision"].whole) == (1, 2)
    assert (figures["linked"].part, figures["linked"].whole) == (1, 2)
    assert figures["recall"].whole == 7
    assert (figures["linkable"].part, figures["linkable"].whole) == (1, 2)
    assert (figures["queue_holds"].part, figures["queue_holds"].whole) == (0, 2)  # one wrong, one missed


def test_the_account_of_losses_answers_every_question(con, folder):
    said = "\n".join(losses.account(con, judged.judge(con, folder, "2026H1"), 5))
    assert "7 true pairs, 6 missed, 1 wrong" in said
    assert said.count("###") == 9
    assert "| linked | siblings | 1 | 1 |" in said or "| linked | twins | 1 | 1 |" in said
