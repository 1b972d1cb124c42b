"""Children on the edge of a rule (tests/cases/status/boundary.yml): the real SQL over codes as delivered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from policy import divisions
from policy.period import Period
from tests.warehouse.core.town import PRIOR, Town
from warehouse.build import build_table

Case = dict[str, Any]
Time = tuple[str, date, frozenset[str]]  # a half-year, its reference date, and the tables that didn't come

CASES: list[Case] = yaml.safe_load(
    (Path(__file__).parents[2] / "cases/status/boundary.yml").read_text(encoding="utf-8")
)
BORN = date(2016, 5, 1)


def name(case: Case) -> str:
    return f"{case['kind']}: {case['child']}"


def times(case: Case) -> Iterator[Time]:
    """The half-years of a case, the last of them the one that is asked about."""
    for half_year in case.get("before", []):
        period = Period(half_year["period"])
        yield str(period), period.as_of, frozenset(half_year.get("missing", []))
    on = case.get("on", date(2026, 6, 30))
    yield str(Period.holding(on)), on, frozenset(case.get("missing", []))


def entries(case: Case) -> Iterator[list[dict[str, Any]]]:
    """The entries of each of its half-years."""
    for half_year in case.get("before", []):
        yield half_year["entries"]
    last = [{"kind": "hukou", "hukou": case["hukou"]}] if "hukou" in case else []
    if "lives" in case:
        last.append({"kind": "registration", "lives": case["lives"], "residence_since": case["since"]})
    yield [*last, *case.get("more", [])]


def resolved(code: str, on: date) -> list[str] | str | None:
    """What the delivered code means on the date: counties, or the level at which it ends."""
    place = divisions.load().resolve(code, on)
    return list(place.codes) or (None if place.level is divisions.Level.NONE else place.level.value)


def settle(
    cases: list[Case], at: int, time: Time, earlier: duckdb.DuckDBPyConnection | None
) -> duckdb.DuckDBPyConnection:
    """Build the statuses of one half-year, on top of those of the one before."""
    period, on, missing = time
    town = Town(period, missing=missing, on=on)
    for case in cases:
        for entry in list(entries(case))[at]:
            facts = {key: resolved(value, on) if key in ("hukou", "lives") else value for key, value in entry.items()}
            kind = facts.pop("kind")
            if kind == "parent":
                town.entry(None, "registration", name=f"家长{facts['number']}", **facts)
            else:
                known = {"born": case.get("born", BORN), "precision": case.get("precision", "day")}
                town.entry(name(case), kind, **(known | facts))
    con = duckdb.connect()
    carried = [table for table, of in PRIOR.items() if of.startswith("core.")] if earlier else []
    for table in carried:
        con.register(f"earlier_{table}", earlier.execute(f"from {PRIOR[table]}").to_arrow_table())
    town.settle(con, {table: f"earlier_{table}" for table in carried}, rooms=["core"])
    build_table(con, "care", "migrant_status", {"as_of": on, "period": period})
    return con


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    """Every child's row of care.migrant_status. Cases of the same half-years, dates and missing tables are one town."""
    alike: dict[tuple[Time, ...], list[Case]] = defaultdict(list)
    for case in CASES:
        alike[tuple(times(case))].append(case)
    rows = {}
    for half_years, cases in alike.items():
        con = None
        for at, time in enumerate(half_years):
            con = settle(cases, at, time, con)
        assert con is not None
        rows |= {row["child_id"]: row for row in con.sql("from care.migrant_status").to_arrow_table().to_pylist()}
    return rows


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_child_who(case, found):
    expected = dict(case["expect"])
    row = found[name(case)]
    assert (row["status"], row["reasons"][0]) == (expected.pop("status"), expected.pop("reason"))
    assert set(expected.pop("reasons", [])) <= set(row["reasons"])
    assert {key: row[key] for key in expected} == expected


def test_there_are_enough_of_each_kind_and_none_stands_twice():
    counted = Counter(case["kind"] for case in CASES)
    assert len(CASES) >= 120
    assert min(counted.values()) >= 6, counted
    assert len({name(case) for case in CASES}) == len(CASES)
