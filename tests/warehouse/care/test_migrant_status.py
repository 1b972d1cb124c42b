"""The tests of 流动儿童 in their order, on the cases in tests/cases/status."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.warehouse.core.town import Town

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "cases/status/migrant_2026H1.yml").read_text(encoding="utf-8")
)


def add(town: Town, child: str, entry: dict[str, Any]) -> None:
    facts = dict(entry)
    kind = facts.pop("kind")
    if kind == "parent":
        town.entry(None, "registration", name=f"家长{facts['number']}", **facts)
    else:
        town.entry(child, kind, **facts)


@pytest.fixture(scope="module")
def status():
    town = Town("2026H1")
    for case in CASES:
        for entry in case["entries"]:
            add(town, case["child"], entry)
    con = town.settle(duckdb.connect())
    rows = con.execute("select * from care.migrant_status").to_arrow_table().to_pylist()
    return {row["child_id"]: row for row in rows}


@pytest.mark.parametrize("case", CASES, ids=[case["child"] for case in CASES])
def test_a_child_that(case, status):
    found, expected = status[case["child"]], dict(case["expect"])
    reasons = expected.pop("reasons", [])
    assert {name: found[name] for name in expected} == expected
    assert set(reasons) <= set(found["reasons"])


def test_every_status_names_its_rule_its_clause_and_a_reason(status):
    assert all(row["rule_id"] and row["clause"] and row["reasons"] for row in status.values())


def test_the_decisive_reason_comes_first(status):
    assert status["came one day too late"]["reasons"][0] == "since_too_late"


def test_confidence_lies_between_nothing_and_one_and_undetermined_has_none(status):
    assert all(0 <= row["confidence"] <= 1 for row in status.values())
    assert all((row["confidence"] == 0) == (row["status"] == "undetermined") for row in status.values())


def test_sources_that_agree_make_a_status_surer_and_sources_that_disagree_less_sure():
    town = Town()
    for child in ("one source", "two agree", "one against"):
        town.entry(child, "hukou", hukou="420502")
        town.entry(child, "enrolment", lives="429006", enrolled_in="2024-09-01")
    town.entry("two agree", "insurance", lives="429006", insured_on="2024-09-01")
    town.entry("one against", "insurance", lives="420502", insured_on="2024-09-01")
    con = town.settle(duckdb.connect())
    sure = dict(con.execute("select child_id, confidence from care.migrant_status").fetchall())
    assert sure["one against"] < sure["one source"] < sure["two agree"]


def test_the_answer_does_not_depend_on_the_order_of_entries_or_on_threads():
    answers = []
    for threads, order in ((1, 1), (2, -1)):
        town = Town("2026H1")
        entries = [(case["child"], entry) for case in CASES for entry in case["entries"]]
        for number, (child, entry) in list(enumerate(entries, start=1))[::order]:
            add(town, child, entry | {"entry_id": number})
        town.rows = {table: rows[::order] if table == "std.entry" else rows for table, rows in town.rows.items()}
        con = town.settle(duckdb.connect(config={"threads": threads}))
        columns = "* exclude (hukou_entry, residence_entry, since_entry, company_entry)"  # they hold the row's number
        answers.append(con.execute(f"select {columns} from care.migrant_status order by child_id").fetchall())
    assert answers[0] == answers[1]
