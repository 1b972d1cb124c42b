"""Why a child has its status: its entries, their claims, which were chosen, and each test with its answer and words.

Nothing here identifies a child beside its id: no name, no number, no address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import duckdb

from policy.calendar import months_before
from policy.period import Period
from policy.rule_file import NATIONAL, Switch, Whole
from policy.rules import Rules, Stated
from warehouse import build, child_ids
from warehouse.store import Warehouse

Row = dict[str, Any]
TESTS = ("age", "places_known", "away", "central_districts", "since_known", "long_enough", "accompanied")
"""The tests of 流动儿童 in the order in which they are asked; the first that decides ends them."""
_DECIDES = {
    "age": {"age_reached"},
    "places_known": {"no_hukou", "no_residence"},
    "away": {"same_county", "split_county", "partial_transfer"},
    "central_districts": {"central_districts"},
    "since_known": {"since_unknown"},
    "long_enough": {"since_too_late"},
    "accompanied": {"nobody_with_child"},
}
_PARAMETER = {
    "age": "younger_than_years",
    "away": "transfers_in_doubt_years",
    "central_districts": "central_districts",
    "since_known": "breaks_up_to_days",
    "long_enough": "away_at_least_months",
}


class NoSuchChild(LookupError):
    """The period holds no child of this id."""


@dataclass(frozen=True, slots=True)
class Test:
    """One test: what it asked about, whether it decided the status, and the words that it rests on.

    ``decided`` is None where an earlier test had decided. ``stated_by`` is the jurisdiction whose file states it.
    """

    test: str
    facts: Mapping[str, object]
    decided: bool | None
    stated_by: str
    clause: str | None
    words: str | None
    interpretation: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One child in one period. ``became``: the child that the asked one was merged into, where it was."""

    child_id: str
    became: str | None
    period: str
    status: Row
    entries: list[Row]
    claims: list[Row]
    tests: list[Test]


def explain(house: Warehouse, period: Period, child_id: str, rules: Rules) -> Explanation:
    """Explain a child of a published period. Raises :class:`NoSuchChild`."""
    with house.reading(period) as con:
        child = child_ids.today(con, child_id)
        found = _rows(con, "status", child)
        if not found:
            raise NoSuchChild(f"{period} 中没有这个儿童编号。 No child of this id in {period}.")
        status = found[0]
        tests = list(_tests(status, rules, period))
        became = child if child != child_id else None
        return Explanation(
            child_id, became, str(period), status, _rows(con, "entries", child), _rows(con, "claims", child), tests
        )


def _rows(con: duckdb.DuckDBPyConnection, name: str, child_id: str) -> list[Row]:
    rows: list[Row] = (
        con.execute(build.statement("explain", name).sql, {"child_id": child_id}).to_arrow_table().to_pylist()
    )
    return rows


def _tests(status: Row, rules: Rules, period: Period) -> Iterator[Test]:
    """Each test with its answer; those behind the one that decided were never asked."""
    residence = (status["residence_codes"] or [NATIONAL])[0]
    stated = rules.stated(residence, period.as_of)
    decided = False
    for name in TESTS:
        answer = None if decided else bool(_DECIDES[name] & set(status["reasons"]))
        decided = decided or bool(answer)
        source = stated.get(_PARAMETER.get(name, ""))
        yield Test(name, _facts(name, status, stated, period), answer, *_words(source, rules, residence, period))


def _facts(name: str, status: Row, stated: Mapping[str, Stated], period: Period) -> dict[str, object]:
    """What the test looked at."""
    places = {"hukou_codes": status["hukou_codes"], "residence_codes": status["residence_codes"]}
    months, included = (stated[name].value for name in ("away_at_least_months", "boundary_included"))
    assert isinstance(months, Whole)
    assert isinstance(included, Switch)
    at_latest = months_before(period.as_of, months.value) - timedelta(days=0 if included.value else 1)
    facts: dict[str, dict[str, object]] = {
        "age": {"born_on": status["born_on"], "born_precision": status["born_precision"], "as_of": period.as_of},
        "places_known": places,
        "away": places,
        "central_districts": places,
        "since_known": {"residing_since": status["residing_since"], "shown_by": status["since_shown_by"]},
        "long_enough": {
            "residing_since": status["residing_since"],
            "at_latest": at_latest,
            "entry": status["since_entry"],
        },
        "accompanied": {"accompanied": status["accompanied"], "entry": status["company_entry"]},
    }
    return facts[name]


def _words(
    source: Stated | None, rules: Rules, residence: str, period: Period
) -> tuple[str, str | None, str | None, str | None]:
    """Whose file states it, clause, words, interpretation; the definition's where a test has no parameter."""
    if source is None:
        rule = rules.migrant_rule(residence, period.as_of)
        return rule.jurisdiction, rule.clause, rules.clauses[rule.clause].words, None
    clause = source.value.clause
    words = rules.clauses[clause].words if clause else None
    return source.jurisdiction, clause, words, source.value.interpretation
