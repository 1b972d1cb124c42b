"""Links against a truth."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from matching import linkage, model
from matching.accuracy import evaluate
from tests.matching.standing import Entry, Guardian, citizen_no, write_std

MOTHER = Guardian("李芳", citizen_no(date(1988, 3, 4), 22, "420984"))


@pytest.fixture
def linked() -> duckdb.DuckDBPyConnection:
    """Wang An twice, his brother once, a stranger once; each right."""
    con = duckdb.connect()
    entries = [
        Entry(guardians=(MOTHER,), citizen_no=citizen_no()),
        Entry(source="health.child_health", guardians=(MOTHER,), citizen_no=citizen_no()),
        Entry("王平", born_on=date(2018, 8, 9), guardians=(MOTHER,)),
        Entry("赵敏", born_on=date(2012, 2, 2)),
    ]
    write_std(con, entries)
    linkage.link(con, model.load(), "2026H1")
    return con


def _truth(folder: Path, children: list[str]) -> Path:
    tables = ["education,enrolment", "health,child_health", "education,enrolment", "education,enrolment"]
    rows = [f"{table},k{place},{child}" for place, (table, child) in enumerate(zip(tables, children, strict=True))]
    path = folder / "links.csv"
    path.write_text("\n".join(["feed,table,key,child", *rows]) + "\n", encoding="utf-8")
    return path


def test_links_as_in_the_truth_are_whole(linked, tmp_path):
    found = evaluate.evaluate(linked, _truth(tmp_path, ["an", "an", "ping", "min"]))
    assert (found.entries, found.children, found.merged) == (4, 3, 0)
    assert found.pairs.f1 == found.clusters.f1 == found.exact.f1 == 1.0
    assert set(found.by_tables) == {"education.enrolment × health.child_health"}


def test_a_missed_pair_lowers_recall_only(linked, tmp_path):
    found = evaluate.evaluate(linked, _truth(tmp_path, ["an", "an", "an", "min"]))
    assert found.pairs.precision.value == 1.0
    assert found.pairs.recall.value == pytest.approx(1 / 3)
    assert found.clusters.recall.value == pytest.approx(1 / 2)
    assert found.pairs.recall.low < found.pairs.recall.value < found.pairs.recall.high


def test_a_merged_sibling_is_counted_as_one(linked, tmp_path):
    found = evaluate.evaluate(linked, _truth(tmp_path, ["an", "brother", "ping", "min"]))
    assert found.pairs.precision.value == 0.0
    assert (found.merged, found.siblings, found.twins) == (1, 1, 1)


def test_who_has_come_of_age_is_left_out(linked, tmp_path):
    children = tmp_path / "children.csv"
    children.write_text(
        "child,born,ethnic\nan,2016-05-01,01\nping,2008-06-30,06\nmin,2012-02-02,01\n", encoding="utf-8"
    )
    found = evaluate.evaluate(linked, _truth(tmp_path, ["an", "an", "ping", "min"]), children)
    assert found.children == 2
    assert found.by_group["01"].recall.of == 1


def test_a_file_that_is_no_truth_says_what_it_lacks(linked, tmp_path):
    path = tmp_path / "links.csv"
    path.write_text("feed,table\nhealth,child_health\n", encoding="utf-8")
    with pytest.raises(evaluate.TruthError, match="child"):
        evaluate.evaluate(linked, path)
    with pytest.raises(evaluate.TruthError, match="no such truth file"):
        evaluate.evaluate(linked, tmp_path / "nothing.csv")
