"""What analysts see: described children and counts, nobody by name."""

import re
from datetime import date

import duckdb
import pytest

from tests.warehouse.core.town import Town
from warehouse import specs
from warehouse.build import build_table, order, statement
from warehouse.conformity import check_table

AS_OF = date(2026, 6, 30)


@pytest.fixture(scope="module")
def con():
    town = Town()
    for child, county in (("c1", "429006"), ("c2", "420502"), ("c3", "420581"), ("c4", "110101")):
        town.entry(child, "hukou", hukou=county, number="110105201605010015", born=date(2016, 5, 17))
        town.entry(child, "registration", lives="429006", residence_since=date(2025, 12, 30), born=date(2016, 5, 17))
    town.entry("c5", "hukou", hukou=["130502", "130503"], sex=None, ethnic=None, born=None)
    town.entry("c6", "registration", lives="420502", hukou="420581", residence_since=date(2025, 12, 31))
    return town.settle(duckdb.connect())


def test_one_described_child_for_each_status(con):
    counted = con.execute(
        "select (select count(*) from mart.child_period), (select sum(children) from mart.migrant_count), "
        "(select count(*) from care.migrant_status)"
    )
    assert counted.fetchall() == [(6, 6, 6)]


def test_no_identifier_and_no_day_is_in_the_mart(con):
    rows = str([con.execute(f"select * from mart.{table}").fetchall() for table in order("mart")])
    names = {column for table in order("mart") for column in specs.get("mart", table).columns}
    assert not names & {"child_id", "citizen_no", "born_on", "entry_id", "residing_since"}
    for told in ("童c1", "c1", "110105201605010015", "2016-05-17", "datetime.date(2016"):
        assert told not in rows
    assert ("2016-05",) in con.execute("select birth_month from mart.child_period").fetchall()


def test_a_token_is_the_same_under_one_key_and_another_under_another(con):
    params = {"as_of": AS_OF, "period": "2026H1", "period_begins_on": date(2026, 1, 1)}
    tokens = []
    for key in ("secret", "secret", "other"):
        build_table(con, "mart", "child_period", params | {"token_key": key})
        tokens.append({row[0] for row in con.execute("select child_token from mart.child_period").fetchall()})
    build_table(con, "mart", "child_period", params | {"token_key": "secret"})
    assert tokens[0] == tokens[1]
    assert not tokens[0] & tokens[2]
    assert len(tokens[0]) == 6


def test_origins_are_told_by_distance(con):
    found = con.execute(
        "select origin, sum(children) from mart.migrant_count where residence_county = '429006' group by 1"
    ).fetchall()
    assert sorted(found) == [("other_province", 1), ("same_county", 1), ("same_province", 2)]


def test_full_months_are_counted_as_the_rule_counts_them(con):
    found = con.execute(
        "select status, full_months_resident from mart.child_period where residence_county is not null order by all"
    ).fetchall()
    assert ("migrant", 6) in found
    assert ("under_six_months", 5) in found


def test_a_split_county_is_written_as_a_set(con):
    assert ("130502|130503",) in con.execute("select hukou_county from mart.child_period").fetchall()


def test_every_rule_in_force_is_quoted(con):
    quoted = con.execute("select rule_id, words from mart.rule").fetchall()
    assert len(quoted) == 4
    assert all(words for _, words in quoted)


@pytest.mark.parametrize("room", ["core", "care", "mart"])
def test_tables_are_as_their_specs_say(con, room):
    assert [str(each) for table in order(room) for each in check_table(con, specs.get(room, table))] == []


def test_every_table_of_the_rooms_has_a_spec_and_every_spec_a_table():
    for room in ("core", "care", "mart"):
        assert {table for of, table in specs.load() if of == room} == set(order(room))


def test_keys_of_the_tables_are_keys(con):
    for room in ("core", "care", "mart"):
        for table in order(room):
            key = ", ".join(specs.get(room, table).key)
            if key:
                doubled = con.execute(f"select {key} from {room}.{table} group by all having count(*) > 1").fetchall()
                assert doubled == [], f"{room}.{table}"


def test_every_statement_reads_only_what_its_header_says():
    for room in ("core", "care", "mart", "export"):
        for table in order(room):
            made_by = statement(room, table)
            code = "\n".join(line for line in made_by.sql.splitlines() if not line.strip().startswith("--"))
            used = set(re.findall(r"\b(?:from|join)\s+([a-z]+\.[a-z_]+)", code))
            assert used == made_by.reads, made_by.file


def test_exports_have_the_columns_that_other_programs_read(con):
    build_table(con, "export", "status")
    build_table(con, "export", "links", {"period": "2026H1"})
    columns = {
        table: [row[0] for row in con.execute(f"describe export.{table}").fetchall()] for table in ("links", "status")
    }
    assert columns == {
        "links": ["feed", "table", "key", "file", "row", "child_id", "period", "how", "score"],
        "status": ["child_id", "period", "status", "rule_id", "reasons", "hukou_county", "residence_county",
                   "residing_since", "confidence"],
    }  # fmt: skip
    found = con.execute("select hukou_county, reasons, residing_since from export.status where child_id = 'c5'")
    assert found.fetchall()[0][0] == "130502|130503"
    assert con.execute("select residing_since from export.status where child_id = 'c2'").fetchall() == [("2025-12-30",)]


def test_a_child_of_whose_birth_the_year_is_known_is_as_old_as_its_status_takes_it():
    town = Town()
    for child, born, precision in (("c1", date(2010, 1, 1), "year"), ("c2", date(2010, 1, 1), "day")):
        town.entry(child, "hukou", hukou="420502", born=born, precision=precision)
        town.entry(
            child, "registration", lives="429006", residence_since=date(2024, 1, 1), born=born, precision=precision
        )
    con = town.settle(duckdb.connect())
    told = con.execute("select status, age_years, age_band from mart.child_period order by age_years").fetchall()
    assert told == [("migrant", 15, "15"), ("out_of_age", 16, "16-17")]


def test_a_move_within_a_municipality_is_one_within_a_city():
    town = Town(jurisdiction="110000")
    town.entry("c1", "hukou", hukou="110109")
    town.entry("c1", "registration", lives="110105", residence_since=date(2024, 1, 1))
    town.entry("c2", "hukou", hukou="130102")
    town.entry("c2", "registration", lives="110105", residence_since=date(2024, 1, 1))
    con = town.settle(duckdb.connect())
    told = con.execute("select origin, children from mart.migrant_count order by 1").fetchall()
    assert told == [("other_province", 1), ("same_prefecture", 1)]
