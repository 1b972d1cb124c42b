"""The lists that follow from a status, on the cases in tests/cases/care: what each says of one child."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from policy.rules import load
from tests.warehouse.core.town import Town, hand_on

FOLDER = Path(__file__).parents[2] / "cases/care"
SINCE = date(2024, 1, 1)
# the list a case is about, then what of it can be told apart by the town in which it must be played
CASES: list[tuple[str, dict[str, Any]]] = [
    (file.stem, case)
    for file in sorted(FOLDER.glob("*.yml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]


NAMING_ROWS = {
    "base_list": ["evidence"],
    "key_care": ["evidence", "contradicted_by", "close_reason"],
    "left_behind": ["evidence"],
    "left_behind_comparison": ["education_evidence", "civil_affairs_evidence"],
    "distressed": ["evidence"],
    "single_parent": ["evidence", "contradicted_by"],
    "not_enrolled": ["evidence"],
    "place_mismatch": ["evidence", "chosen_entry"],
    "visit_due": ["evidence"],
    "event": ["evidence", "done_by"],
    "statistics_population": ["evidence"],
}


def key(case):
    return case.get("in", "429006"), tuple(case.get("missing", ()))


def name(table, case):
    return f"{table}: {case['child']}"


def add(town: Town, child: str, case: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    about = {"born": case.get("born", date(2016, 5, 1)), "precision": case.get("precision", "day")}
    for entry in entries:
        facts = about | entry
        town.entry(child, facts.pop("kind"), **facts)


def described(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries that a case's places and parents stand for, then its own."""
    entries: list[dict[str, Any]] = []
    guardians = [(relation, relation, f"{relation} of {case['child']}") for relation in case.get("parents", {})]
    if "hukou" in case:
        kind = case.get("hukou_kind", "agricultural")
        entries.append({"kind": "hukou", "hukou": case["hukou"], "hukou_kind": kind, "guardians": guardians})
    if "lives" in case and "public_security/residence" not in case.get("missing", ()):
        since = case.get("since", SINCE)
        entries.append({"kind": "registration", "lives": case["lives"], "residence_since": since})
    return [*entries, *case.get("entries", [])]


def parents(town: Town, case: dict[str, Any]) -> None:
    """Entries of the parents' own: registrations, and one's card."""
    for relation, county in case.get("parents", {}).items():
        number = f"{relation} of {case['child']}"
        town.entry(None, "registration", number=number, lives=county, residence_since=SINCE)
        if "parent_card" in case:
            town.entry(None, "rehabilitation", number=number, **case["parent_card"])


def play(jurisdiction: str, missing: tuple[str, ...], cases: list[tuple[str, dict[str, Any]]], con=None):
    """Settle 2025H2 and then 2026H1 with all cases of one kind; give a connection after it."""
    before = Town("2025H2", jurisdiction=jurisdiction)
    now = Town("2026H1", jurisdiction=jurisdiction, missing=frozenset(missing))
    # a pupil, so that rolls came
    before.entry("c pupil", "enrolment", lives=jurisdiction, school_stage="primary")
    if "education/enrolment" not in missing:
        now.entry("c pupil", "enrolment", lives=jurisdiction, school_stage="primary")
    redirects = []
    for table, case in cases:
        child = name(table, case)
        add(before, child, case, case.get("earlier", []))
        add(now, child, case, described(case))
        parents(now, case)
        if "merged" in case:
            redirects.append((case["merged"], child))
        for act in case.get("acts", []):
            now.act(act.get("child", child), act["category"], act["act"], act["acted_on"], act.get("period"))
        for said in case.get("answers", []):
            now.answer(child, **said)
    now.redirects = tuple(redirects)
    earlier = before.settle(duckdb.connect(), rooms=["core", "care"])
    for table, case in cases:
        if "listed" in case:
            earlier.execute(
                "update care.base_list set county = $county, township = $township where child_id = $child",
                {"child": name(table, case), **case["listed"]},
            )
    con = con or duckdb.connect()
    return now.settle(con, hand_on(earlier, con), rooms=["core", "care"])


@pytest.fixture(scope="module")
def towns():
    kinds = defaultdict(list)
    for table, case in CASES:
        kinds[key(case)].append((table, case))
    return {kind: play(*kind, cases) for kind, cases in kinds.items()}


def rows(con, table, child):
    found = con.execute(f"select * from care.{table} where child_id = ? order by all", [child])
    return found.to_arrow_table().to_pylist()


@pytest.mark.parametrize(("table", "case"), CASES, ids=[name(*case) for case in CASES])
def test_a_child_that(table, case, towns):
    con = towns[key(case)]
    found = rows(con, table, name(table, case))
    told = [{column: row[column] for column in asked} for row, asked in zip(found, case["expect"], strict=False)]
    assert told == case["expect"]
    assert len(found) == len(case["expect"])
    if "status" in case:
        assert rows(con, "migrant_status", name(table, case))[0]["status"] == case["status"]


@pytest.mark.parametrize("table", sorted({table for table, _ in CASES}))
def test_every_row_names_its_evidence_its_rule_and_a_clause_that_is_quoted(table, towns):
    quoted = set(load().clauses)
    for con in towns.values():
        for row in con.execute(f"from care.{table}").to_arrow_table().to_pylist():
            told = [row.get(name) for name in ("evidence", "education_evidence", "civil_affairs_evidence")]
            assert any(told) or (table == "visit_due" and row["last_visit_on"] is None)
            assert row.get("rule_id") or table in ("left_behind_comparison", "place_mismatch")
            assert row.get("clause") is None or row["clause"] in quoted


def test_no_list_depends_on_the_order_of_entries_or_on_threads():
    cases = [(table, case) for table, case in CASES if key(case) == ("429006", ())]
    answers = []
    for threads, order in ((1, 1), (2, -1)):
        con = play("429006", (), cases[::order], duckdb.connect(config={"threads": threads}))
        # rows are numbered as the cases come: evidence and what else names a row is another one
        answers.append(
            {
                table: con.execute(f"select * exclude ({', '.join(named)}) from care.{table} order by all").fetchall()
                for table, named in NAMING_ROWS.items()
            }
        )
    assert answers[0] == answers[1]


def test_who_moved_away_or_was_not_found_is_listed_once_and_no_more():
    con = None
    standings = []
    for period, lives in (("2025H2", "429006"), ("2026H1", "429005"), ("2026H2", "429005")):
        town = Town(period)
        town.entry("moves", "hukou", hukou="420502")
        town.entry("moves", "registration", lives=lives, residence_since=SINCE)
        if period == "2025H2":
            town.entry("vanishes", "registration", lives=lives, hukou="420502", residence_since=SINCE)
        later = duckdb.connect()
        con = town.settle(later, {} if con is None else hand_on(con, later), rooms=["core", "care"])
        standings.append(con.execute("select child_id, standing from care.base_list order by all").fetchall())
    assert standings == [
        [("moves", "new"), ("vanishes", "new")],
        [("moves", "moved"), ("vanishes", "not_found")],
        [],
    ]


def test_a_village_is_over_with_more_than_thirty_distinct_children():
    town = Town("2026H1", jurisdiction="540000")
    expected = {}
    for number, row in enumerate(csv.DictReader((FOLDER / "village_load.csv").open(encoding="utf-8"))):
        village = f"540121201{201 + number}"
        expected[village] = row["level"]
        children = {"left_behind_only": (True, False), "distressed_only": (False, True), "both": (True, True)}
        for kind, (is_left_behind, is_distressed) in children.items():
            for count in range(int(row[kind])):
                live_in(town, f"{village} {kind} {count}", village, is_left_behind, is_distressed)
    for count in range(40):
        live_in(town, f"no village {count}", "540121202", True, False)
    con = town.settle(duckdb.connect(), rooms=["core", "care"])
    found = con.execute("select place, level from care.village_load where place_kind = 'village'").fetchall()
    assert dict(found) == expected
    assert con.execute("select place, level from care.village_load where place_kind <> 'village'").fetchall() == [
        ("540121202", "none")
    ]


def live_in(town, child, place, is_left_behind, is_distressed):
    town.entry(child, "registration", lives=place, hukou=place, residence_since=SINCE)
    if is_left_behind:
        away = {"father_away_since": SINCE, "mother_away_since": SINCE}
        town.entry(child, "visit", visited_on=date(2026, 5, 1), **away)
    if is_distressed:
        town.entry(child, "welfare", welfare_kind="orphan", started_on=SINCE)
