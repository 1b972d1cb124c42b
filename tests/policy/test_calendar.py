"""The same cases for Python and for the SQL of the rooms: the two must never count differently."""

import csv
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from policy.calendar import birthday, full_months, has_reached, months_before

CASES = list(csv.DictReader((Path(__file__).parents[1] / "cases/status/boundary_dates.csv").open(encoding="utf-8")))
SQL = {
    "months_before": "select cast(cast($day as date) - to_months($count) as date)",
    "birthday": "select cast(cast($day as date) + to_years($count) as date)",
    "full_months": """
        with asked as (select cast($day as date) as since, cast($until as date) as until),
        begun as (select *, (year(until) - year(since)) * 12 + month(until) - month(since) as months from asked)
        select case when cast(until - to_months(months) as date) < since then months - 1 else months end from begun
    """,
}


def cases(what):
    return [pytest.param(case, id=f"{case['day']} {case['count']}") for case in CASES if case["what"] == what]


def ask(sql, **params):
    return duckdb.connect().execute(sql, params).fetchall()[0][0]


@pytest.mark.parametrize("case", cases("months_before"))
def test_months_before(case):
    expected = date.fromisoformat(case["expected"])
    assert months_before(date.fromisoformat(case["day"]), int(case["count"])) == expected
    assert ask(SQL["months_before"], day=case["day"], count=int(case["count"])) == expected


@pytest.mark.parametrize("case", cases("birthday"))
def test_birthday(case):
    expected = date.fromisoformat(case["expected"])
    assert birthday(date.fromisoformat(case["day"]), int(case["count"])) == expected
    assert ask(SQL["birthday"], day=case["day"], count=int(case["count"])) == expected


@pytest.mark.parametrize("case", cases("full_months"))
def test_full_months(case):
    assert full_months(date.fromisoformat(case["day"]), date.fromisoformat(case["count"])) == int(case["expected"])
    assert ask(SQL["full_months"], day=case["day"], until=case["count"]) == int(case["expected"])


def test_sixteen_is_reached_on_the_birthday_itself():
    assert has_reached(date(2010, 6, 30), 16, date(2026, 6, 30))
    assert not has_reached(date(2010, 7, 1), 16, date(2026, 6, 30))


def test_full_months_agrees_with_the_test_of_the_rule_on_every_day_of_two_years():
    until = date(2026, 6, 30)
    for back in range(-40, 730):
        since = until - timedelta(days=back)
        assert (full_months(since, until) >= 6) == (since <= months_before(until, 6))


def test_python_and_sql_agree_on_every_day_of_four_years():
    con = duckdb.connect()
    rows = con.execute(
        "select day, cast(day - to_months(6) as date), cast(day + to_years(16) as date) from "
        "(select unnest(generate_series(date '2023-01-01', date '2027-01-01', interval 1 day))::date as day)"
    ).fetchall()
    assert [(day, months_before(day, 6), birthday(day, 16)) for day, _, _ in rows] == rows
