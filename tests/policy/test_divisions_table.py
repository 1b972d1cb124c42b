"""The committed table hangs together, and tells what the committed corrections tell."""

import csv
from collections import Counter, defaultdict
from datetime import date
from importlib.resources import files
from itertools import pairwise

import pytest

from policy.divisions import Level, load

THIS_YEAR = 2026


def corrections() -> list[dict[str, str]]:
    text = files("policy").joinpath("codes/division_corrections.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_records_of_a_code_do_not_overlap():
    by_code = defaultdict(list)
    for record in load().records:
        by_code[record.code].append(record)
    for records in by_code.values():
        for before, after in pairwise(records):
            assert before.valid_to is not None
            assert before.valid_to <= after.valid_from


def test_every_current_division_lies_in_a_current_one():
    divisions = load()
    for record in divisions.records:
        if record.valid_to is None and record.level is not Level.PROVINCE:
            assert divisions.at(record.parent, THIS_YEAR), record


def test_every_successor_exists_in_the_year_of_the_change():
    divisions = load()
    for record in divisions.records:
        for code in record.successors:
            assert divisions.at(code, record.valid_to or 0), record
        for code, year in record.partial_transfers:
            assert divisions.at(code, year), record


def test_no_walk_goes_round_in_circles():
    divisions = load()
    for record in divisions.records:
        divisions.units_after(record, THIS_YEAR)  # a circle would never end


def test_every_county_code_ended_since_1990_has_heirs_in_force():
    ended = [r for r in load().records if r.level is Level.COUNTY and (r.valid_to or 0) >= 1990]
    assert len(ended) > 1000
    assert [record.code for record in ended if not record.current] == []


def test_the_walk_ends_where_the_table_says_it_does():
    divisions = load()
    last = {record.code: record for record in divisions.records}
    for record in last.values():
        place = divisions.resolve(record.code, date(THIS_YEAR, 6, 30))
        if record.level is Level.COUNTY and place.codes:
            assert set(record.current) == set(place.codes), record


def test_the_county_level_of_today_is_complete():
    now = Counter(r.type for r in load().records if r.valid_to is None and r.level is Level.COUNTY)
    expected = {"市辖区": 976, "县级市": 398, "县": 1302, "自治县": 117, "旗": 49, "自治旗": 3, "林区": 1, "特区": 1}
    assert dict(now) == expected


def test_corrections_are_numbered_in_the_order_of_their_years_and_name_a_source():
    rows = corrections()
    assert [int(row["order"]) for row in rows] == list(range(1, len(rows) + 1))
    assert [row["year"] for row in rows] == sorted(row["year"] for row in rows)
    assert all(len(row["source"]) > 8 or row["source"].startswith("areacodes") for row in rows)


@pytest.mark.parametrize(
    "row", [row for row in corrections() if row["kind"] == "successors"], ids=lambda row: row["order"]
)
def test_the_table_was_built_with_the_corrections_of_today(row):
    ended = load().at(row["code"], int(row["year"]) - 1)
    assert ended is not None
    assert (ended.valid_to, ended.successors) == (int(row["year"]), tuple(row["to"].split()))


@pytest.mark.parametrize(
    "row", [row for row in corrections() if row["kind"] == "transfer"], ids=lambda row: row["order"]
)
def test_the_table_holds_the_transfers_of_today(row):
    held = {item for r in load().records if r.code == row["code"] for item in r.partial_transfers}
    assert held >= {(code, int(row["year"])) for code in row["to"].split()}
